import { assertNever } from '@libs/kernel';
import type { ChatMessage } from '@libs/llm';
import type { AgentInput } from '../agent-input.js';
import type { Protocol } from '../protocols/protocol.js';
import { converse } from '../loop/converse.js';
import { withSystemText } from '../system-text.js';
import type { Strategy } from './strategy.js';

/** The model answers, and calls tools as it likes. What an agent does that was told nothing else. */
export const standard: Strategy = async function* (session) {
  const { input } = session;
  const protocol = protocolOf(input);
  const { outcome } = yield* converse(session, {
    messages: promptedMessages(input, protocol),
    tools: input.tools,
    toolChoice: input.toolChoice,
    maxToolRounds: input.maxToolRounds,
    protocol,
  });
  return outcome;
};

export function protocolOf(input: AgentInput): Protocol {
  return input.protocol ?? 'tools';
}

/** The conversation, and what the model is told of the tools' surroundings where its protocol does not say that itself. */
export function promptedMessages(input: AgentInput, protocol: Protocol): ChatMessage[] {
  switch (protocol) {
    case 'tools':
    case 'react':
      return withSystemText(input.messages, input.toolPrompt ?? '');
    case 'tags':
    case 'none':
      return input.messages;
    default:
      return assertNever(protocol);
  }
}

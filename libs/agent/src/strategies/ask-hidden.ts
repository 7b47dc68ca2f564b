import type { ChatMessage } from '@libs/llm';
import type { AgentEvent } from '../events.js';
import type { AgentSession } from '../loop/agent-session.js';
import { createModelOf } from '../protocols/create-model.js';

/** Asks the model something that is for the agent alone. Gives what it said. */
export async function* askHidden(
  session: AgentSession,
  messages: ChatMessage[],
  temperature?: number,
): AsyncGenerator<AgentEvent, string> {
  const model = createModelOf(session, 'none', true);
  const turn = yield* session.ask({ model, messages, tools: [], toolChoice: 'none', temperature, isHidden: true });
  return turn.text;
}

import type { ChatMessage } from '@libs/llm';
import type { AgentEvent } from '../events.js';
import type { AgentSession } from '../loop/agent-session.js';
import { converse, type ConversationEnd } from '../loop/converse.js';
import { ToolChoiceError } from '../model-layers/tool-choice-model.js';
import { lastUserText, withSystemText } from '../system-text.js';
import { askHidden } from './ask-hidden.js';
import { boundsOf } from './bounds.js';
import { promptedMessages, protocolOf } from './standard.js';
import type { Strategy } from './strategy.js';
import { tellAnswer } from './tell-answer.js';
import { WorkLog } from './work-log.js';

const REVIEWING_TEMPERATURE = 0.3;

/** The model works, has its work reviewed, and goes on with what the review says until it is adequate. */
export const ultrawork: Strategy = async function* (session) {
  const { input, prompts } = session;
  const { ultraworkIterations } = boundsOf(input);
  const query = lastUserText(input.messages);
  const protocol = protocolOf(input);
  const messages: ChatMessage[] = withSystemText(promptedMessages(input, protocol), prompts.get('ultrawork-system'));
  for (let iteration = 1; ; iteration += 1) {
    const log = new WorkLog();
    const { outcome, text } = yield* log.follow(work(session, messages));
    if (outcome.type !== 'completed') return outcome;
    if (session.foundNothing) return yield* tellAnswer(session, text);
    const review = readReview(yield* reviewOf(session, query, log.describe(text)));
    if (review.isAdequate || iteration >= ultraworkIterations) {
      const end = review.isAdequate
        ? `[Completed in ${iteration} iteration(s)]`
        : `[Reached maximum ${ultraworkIterations} iterations]`;
      return yield* tellAnswer(session, text, end);
    }
    const refined = prompts.fill('ultrawork-refine', { query, feedback: review.feedback });
    messages.push({ role: 'assistant', content: log.describe(text) }, { role: 'user', content: refined });
  }
};

async function* work(
  session: AgentSession,
  messages: ChatMessage[],
): AsyncGenerator<AgentEvent, Pick<ConversationEnd, 'outcome' | 'text'>> {
  const { input } = session;
  try {
    return yield* converse(session, {
      messages,
      tools: input.tools,
      toolChoice: input.toolChoice,
      maxToolRounds: input.maxToolRounds,
      protocol: protocolOf(input),
      isHidden: true,
    });
  } catch (error) {
    // Who does not even search has found nothing.
    const isNoSearch = error instanceof ToolChoiceError && error.demanded !== null && session.foundNothing;
    if (!isNoSearch) throw error;
    return { outcome: { type: 'completed' }, text: '' };
  }
}

function reviewOf(session: AgentSession, query: string, result: string): AsyncGenerator<AgentEvent, string> {
  const content = session.prompts.fill('ultrawork-verify', { query, result });
  return askHidden(session, [{ role: 'user', content }], REVIEWING_TEMPERATURE);
}

export interface Review {
  isAdequate: boolean;
  feedback: string;
}

/** A review that says neither yes nor no lets the work pass: nothing could be improved by it. */
export function readReview(text: string): Review {
  if (!/ADEQUATE\W*\s*false/i.test(text)) return { isAdequate: true, feedback: '' };
  const feedback = /FEEDBACK\W*\s*([\s\S]+)/i.exec(text)?.[1] ?? text.replace(/^.*ADEQUATE.*$/im, '');
  return { isAdequate: false, feedback: feedback.trim() || '(The reviewer gave no reason.)' };
}

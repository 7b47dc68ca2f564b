import { createAnswerCheck } from '../answer-check.js';
import type { AgentEvent, AgentOutcome } from '../events.js';
import { describeForm } from '../describe-form.js';
import type { AgentSession } from '../loop/agent-session.js';
import { converse } from '../loop/converse.js';
import { isSystem, lastUserText } from '../system-text.js';

/**
 * Tells the user what an agent found in turns that were its own. Where only what was searched may be told and nothing was
 * found, that is the refusal; where a form was asked for, the model writes the answer in it once more, unless it is in that
 * form already.
 *
 * @param note stands below the answer, where that is a text
 */
export async function* tellAnswer(
  session: AgentSession,
  answer: string,
  note = '',
): AsyncGenerator<AgentEvent, AgentOutcome> {
  const { input } = session;
  const check = input.answerCheck ?? createAnswerCheck(input.request.responseFormat);
  if (session.foundNothing) {
    yield* session.refuse(input.grounding?.refusal ?? '');
    return { type: 'completed' };
  }
  if (!check) {
    yield* session.say(note === '' ? answer : `${answer}\n\n${note}`);
    return { type: 'completed' };
  }
  if (check(answer.trim()) === null) {
    yield* session.say(answer.trim());
    return { type: 'completed' };
  }
  return yield* writeInForm(session, answer);
}

async function* writeInForm(session: AgentSession, answer: string): AsyncGenerator<AgentEvent, AgentOutcome> {
  const { input, prompts } = session;
  const form = describeForm(input.request.responseFormat, prompts);
  const content = prompts.fill('answer-in-form', { query: lastUserText(input.messages), answer, form });
  const { outcome } = yield* converse(session, {
    messages: [...input.messages.filter(isSystem), { role: 'user', content }],
    tools: [],
    toolChoice: 'none',
    maxToolRounds: 0,
    protocol: 'none',
  });
  return outcome;
}

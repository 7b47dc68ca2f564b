import { isPlainObject } from '../../common/validation/index.js';
import type { SessionMessage } from './sessions.types.js';

/** A session's messages and those of a request, as one conversation. */
export interface JoinedConversation {
  messages: SessionMessage[];
  /** Those of them that were said before, and may be left out where the model's context is too small. */
  droppable: ReadonlySet<SessionMessage>;
}

export interface AskedMessages {
  /** The system messages at the beginning. */
  instructions: SessionMessage[];
  said: SessionMessage[];
}

export function splitInstructions(messages: readonly SessionMessage[]): AskedMessages {
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  const end = first === -1 ? messages.length : first;
  return { instructions: messages.slice(0, end), said: messages.slice(end) };
}

/**
 * Goes on with what was said before. Instructions of the request take the place of the former ones: clients that send
 * theirs with each request do not mean them to add up.
 */
export function joinConversation(
  before: { instructions: readonly SessionMessage[]; messages: readonly SessionMessage[] },
  asked: AskedMessages,
): JoinedConversation {
  const instructions = asked.instructions.length > 0 ? asked.instructions : before.instructions;
  const earlier = withoutLooseEnds(fromFirstQuestion(before.messages), asked.said);
  return {
    messages: [...instructions, ...earlier, ...asked.said],
    droppable: new Set(earlier.filter((message) => message['role'] !== 'tool' && callsOf(message).length === 0)),
  };
}

/** An answer as later requests show it to the model: its thoughts and what was looked up are not said again. */
export function toSpokenAnswer({ content, refusal, tool_calls: calls }: SessionMessage): SessionMessage {
  if (Array.isArray(calls)) return { role: 'assistant', content: content ?? null, tool_calls: calls };
  return { role: 'assistant', content: content ?? refusal ?? '' };
}

/** Only the newest messages are read, which may begin with the answer to one that was not. Templates refuse that. */
function fromFirstQuestion(messages: readonly SessionMessage[]): readonly SessionMessage[] {
  const first = messages.findIndex(({ role }) => role === 'user');
  return first === -1 ? messages : messages.slice(first);
}

/** Model servers refuse calls without results, and results without calls: clients may have gone on without them. */
function withoutLooseEnds(earlier: readonly SessionMessage[], next: readonly SessionMessage[]): SessionMessage[] {
  const all = [...earlier, ...next];
  let open = new Set<unknown>();
  return earlier.flatMap((message, index) => {
    if (message['role'] === 'tool') return open.has(message['tool_call_id']) ? [message] : [];
    const calls = answeredCalls(message, all, index);
    open = new Set(calls.map(idOf));
    return withCalls(message, calls);
  });
}

/** The calls of the message at this place whose results follow right behind it. */
function answeredCalls(message: SessionMessage, all: readonly SessionMessage[], index: number): unknown[] {
  const calls = callsOf(message);
  if (calls.length === 0) return [];
  const rest = all.slice(index + 1);
  const end = rest.findIndex(({ role }) => role !== 'tool');
  const answered = new Set(rest.slice(0, end === -1 ? rest.length : end).map(({ tool_call_id: id }) => id));
  return calls.filter((call) => answered.has(idOf(call)));
}

function withCalls(message: SessionMessage, calls: unknown[]): SessionMessage[] {
  const { tool_calls: before, ...said } = message;
  if (before === undefined || calls.length === callsOf(message).length) return [message];
  if (calls.length > 0) return [{ ...said, tool_calls: calls }];
  return said['content'] === null || said['content'] === '' ? [] : [said];
}

function callsOf({ tool_calls: calls }: SessionMessage): unknown[] {
  return Array.isArray(calls) ? calls : [];
}

function idOf(call: unknown): unknown {
  return isPlainObject(call) ? call['id'] : undefined;
}

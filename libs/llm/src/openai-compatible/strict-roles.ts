import type { ChatMessage } from '../ports/chat-model.js';

/**
 * What a model's chat template takes. `any`: every order of roles. `alternating`: one system message, first, then user and
 * assistant by turns (Mistral, Gemma 3, Llama 2). `without-system`: as that, and no system message (Gemma 2, Mistral 0.1).
 */
export type Roles = 'any' | 'alternating' | 'without-system';

type Part = Exclude<UserContent, string>[number];
type UserContent = Extract<ChatMessage, { role: 'user' }>['content'];

/** Stands where a template wants somebody to have spoken who has not. */
const SILENCE = '…';

/** The conversation as such a template takes it; nothing that was said is left out. */
export function toRoles(messages: readonly ChatMessage[], roles: Roles): ChatMessage[] {
  if (roles === 'any') return [...messages];
  const isSystem = ({ role }: ChatMessage): boolean => role === 'system' || role === 'developer';
  const system = messages.filter(isSystem).map(textOf).join('\n\n');
  const turns = alternating(messages.filter((message) => !isSystem(message)));
  if (system === '') return turns;
  return roles === 'alternating' ? [{ role: 'system', content: system }, ...turns] : withPreface(turns, system);
}

function alternating(messages: readonly ChatMessage[]): ChatMessage[] {
  const turns: ChatMessage[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    const joined = last && join(last, message);
    if (joined) {
      turns[turns.length - 1] = joined;
      continue;
    }
    if (!last && message.role === 'assistant') turns.push({ role: 'user', content: SILENCE });
    // Templates do not count tools among those who speak.
    if (last?.role === 'tool' && message.role === 'user') turns.push({ role: 'assistant', content: SILENCE });
    turns.push(message);
  }
  return turns;
}

/** Two messages of one speaker as one; undefined where they are not. */
function join(last: ChatMessage, next: ChatMessage): ChatMessage | undefined {
  if (last.role === 'user' && next.role === 'user') {
    return { ...last, content: joinContents(last.content, next.content) };
  }
  if (last.role !== 'assistant' || next.role !== 'assistant' || last.tool_calls?.length) return undefined;
  const said = [textOf(last), textOf(next)].filter((text) => text !== '').join('\n\n');
  return { ...last, ...next, content: said === '' ? null : said };
}

/** The system's text before what the user says first. */
function withPreface(turns: readonly ChatMessage[], system: string): ChatMessage[] {
  const at = turns.findIndex(({ role }) => role === 'user');
  const first = turns[at];
  if (first?.role !== 'user') return [{ role: 'user', content: system }, ...turns];
  return turns.with(at, { ...first, content: joinContents(system, first.content) });
}

function joinContents(first: UserContent, second: UserContent): UserContent {
  if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`;
  return [...partsOf(first), ...partsOf(second)];
}

function partsOf(content: UserContent): Part[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function textOf(message: ChatMessage): string {
  const content = 'content' in message ? message.content : null;
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => ('text' in part ? part.text : '')).join('\n');
}

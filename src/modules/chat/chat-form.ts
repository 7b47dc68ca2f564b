import type { AgentType } from '@libs/agent';
import { invalidRequest } from '@libs/openai-wire';
import { NEW_SESSION } from '../sessions/index.js';

/** How each field of a form becomes one of a chat completion's JSON (seed-behaviour.md, section 3). Throws 400. */
const FIELDS: Readonly<Record<string, (value: string, name: string) => unknown>> = {
  model: (value) => value,
  messages: readJson,
  stream: readFlag,
  temperature: readNumber,
  max_tokens: readNumber,
  session_id: (value) => value,
  agent_type: (value) => value,
  tools: readJson,
};

const FLAGS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** What the server says where a form is silent. */
export interface FormDefaults {
  /** The agent of a session that begins. */
  agent: AgentType;
  /** Tools that a form has without naming any. */
  tools: readonly object[];
}

export function isChatField(name: string): boolean {
  return Object.hasOwn(FIELDS, name);
}

/**
 * The body of a chat completion that came as a form, as the third seed's clients send it: each belongs to a session, and
 * one that names none begins one. Empty fields are as good as absent.
 */
export function readChatForm(fields: ReadonlyMap<string, string>, defaults: FormDefaults): Record<string, unknown> {
  const given = [...fields].filter(([, value]) => value !== '');
  const body: Record<string, unknown> = Object.fromEntries(
    given.map(([name, value]) => [name, FIELDS[name]?.(value, name)]),
  );
  const { session_id: session = NEW_SESSION, agent_type: agent, tools = defaults.tools } = body;
  const begins = session === NEW_SESSION;
  return { ...body, session_id: session, tools, agent_type: agent ?? (begins ? defaults.agent : undefined) };
}

function readJson(value: string, name: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw invalidRequest(`Invalid value for '${name}': expected JSON.`, name, 'invalid_value');
  }
}

function readFlag(value: string, name: string): boolean {
  const flag = FLAGS.get(value.toLowerCase());
  if (flag !== undefined) return flag;
  throw invalidRequest(`Invalid value for '${name}': expected 'true' or 'false'.`, name, 'invalid_value');
}

function readNumber(value: string, name: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && value.trim() !== '') return number;
  throw invalidRequest(`Invalid type for '${name}': expected a number.`, name, 'invalid_type');
}

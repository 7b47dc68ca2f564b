import { WireError } from '@libs/openai-wire';
import { isChatField, readChatForm } from './chat-form.js';

const MESSAGES = '[{"role":"user","content":"hi"}]';
const DEFAULTS = { agent: 'auto' as const, tools: [{ type: 'web_search' }] };
const read = (fields: Record<string, string>) => readChatForm(new Map(Object.entries(fields)), DEFAULTS);

describe('a form as the body of a chat completion', () => {
  const messages: unknown = JSON.parse(MESSAGES);
  const begins = { messages, session_id: 'new', agent_type: 'auto', tools: DEFAULTS.tools };

  it.each<[Record<string, string>, object]>([
    [{ messages: MESSAGES }, begins],
    [{ messages: MESSAGES, session_id: 'new' }, begins],
    [{ messages: MESSAGES, session_id: '', agent_type: '', model: '' }, begins],
    [
      { messages: MESSAGES, agent_type: 'react', model: 'm' },
      { ...begins, agent_type: 'react', model: 'm' },
    ],
    [
      { messages: MESSAGES, session_id: 'sess_1' },
      { ...begins, session_id: 'sess_1', agent_type: undefined },
    ],
    [
      { messages: MESSAGES, tools: '[]' },
      { ...begins, tools: [] },
    ],
    [
      { messages: MESSAGES, stream: 'True' },
      { ...begins, stream: true },
    ],
    [
      { messages: MESSAGES, stream: '0' },
      { ...begins, stream: false },
    ],
    [
      { messages: MESSAGES, temperature: '0' },
      { ...begins, temperature: 0 },
    ],
    [
      { messages: MESSAGES, max_tokens: '128000' },
      { ...begins, max_tokens: 128_000 },
    ],
  ])('%j', (fields, body) => expect(read(fields)).toEqual(body));

  it.each([
    [{ messages: 'hello' }, 'messages', 'invalid_value'],
    [{ messages: MESSAGES, stream: 'maybe' }, 'stream', 'invalid_value'],
    [{ messages: MESSAGES, stream: 'constructor' }, 'stream', 'invalid_value'],
    [{ messages: MESSAGES, temperature: 'warm' }, 'temperature', 'invalid_type'],
    [{ messages: MESSAGES, max_tokens: ' ' }, 'max_tokens', 'invalid_type'],
    [{ messages: MESSAGES, tools: '[' }, 'tools', 'invalid_value'],
  ])('%j is refused for %s', (fields, param, code) => {
    const refusal = (): unknown => read(fields);
    expect(refusal).toThrow(WireError);
    expect(refusal).toThrow(expect.objectContaining({ status: 400, param, code }));
  });

  it.each([
    ['messages', true],
    ['files', false],
    ['constructor', false],
    ['', false],
  ])('has the field %j: %j', (name, isKnown) => expect(isChatField(name)).toBe(isKnown));
});

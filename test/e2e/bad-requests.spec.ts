import OpenAI from 'openai';
import { startServer, type TestServer } from '../support/server.js';
import { MADE_UP } from './support/operations.js';
import { callWire, expectEnvelope, type WireAnswer, type WireCall } from './support/wire-call.js';

type Case = [call: WireCall, param: string | null, code: string | null, message: string];

const BODY_LIMIT_MB = 1;

let server: TestServer;
let token: string;
let client: OpenAI;
let assistantId: string;
let threadId: string;

beforeAll(async () => {
  server = await startServer({ env: { MAX_BODY_SIZE_MB: String(BODY_LIMIT_MB) } });
  token = await server.signUp('careless');
  client = server.openaiFor(token);
  assistantId = (await client.beta.assistants.create({ model: 'threadmill-demo' })).id;
  threadId = (await client.beta.threads.create()).id;
});
afterAll(() => server.stop());

const post = (path: string, body: unknown): WireCall => ({ method: 'POST', path, body });
const assistant = (fields: object): WireCall => post('/assistants', { model: 'threadmill-demo', ...fields });
const list = (query: string): WireCall => ({ method: 'GET', path: `/assistants?${query}` });
const message = (fields: object): WireCall =>
  post('/threads/{thread}/messages', { role: 'user', content: 'x', ...fields });
const run = (fields: object): WireCall => post('/threads/{thread}/runs', { assistant_id: '{assistant}', ...fields });

/** Puts in the ids of the objects that every test shares. */
function call({ method, path, body }: WireCall): Promise<WireAnswer> {
  const fill = (text: string): string => text.replaceAll('{thread}', threadId).replaceAll('{assistant}', assistantId);
  const filled = typeof body === 'string' ? body : body === undefined ? undefined : fill(JSON.stringify(body));
  return callWire(server, token, { method, path: fill(path), body: filled });
}

const longText = (length: number): string => 'x'.repeat(length);
const manyPairs = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v']));

const CASES: Case[] = [
  [post('/assistants', '{"model": '), null, null, 'could not parse the JSON body'],
  [post('/assistants', 'not json'), null, null, 'could not parse the JSON body'],
  [post('/assistants', {}), 'model', 'missing_required_parameter', "Missing required parameter: 'model'."],
  [post('/assistants', { model: null }), 'model', 'missing_required_parameter', "Missing required parameter: 'model'."],
  [post('/assistants', { model: 5 }), 'model', 'invalid_type', "'model': expected a string, but got an integer"],
  [assistant({ nonsense: 1 }), 'nonsense', 'unknown_parameter', "Unknown parameter: 'nonsense'."],
  [assistant({ name: longText(257) }), 'name', 'string_above_max_length', 'maximum length 256'],
  [assistant({ temperature: 3 }), 'temperature', 'decimal_above_max_value', 'Expected a value <= 2'],
  [assistant({ temperature: 'hot' }), 'temperature', 'invalid_type', 'expected a decimal number'],
  [assistant({ tools: {} }), 'tools', 'invalid_type', 'expected an array'],
  [assistant({ tools: [{ type: 'hammer' }] }), 'tools[0].type', 'invalid_value', "Invalid value: 'hammer'"],
  [assistant({ tools: [{ type: 'code_interpreter', x: 1 }] }), 'tools[0].x', 'unknown_parameter', 'tools[0].x'],
  [assistant({ tools: [{ type: 'function' }] }), 'tools[0].function', 'missing_required_parameter', 'Missing'],
  [assistant({ metadata: { a: 1 } }), 'metadata', 'invalid_type', 'metadata.a'],
  [assistant({ metadata: manyPairs }), 'metadata', 'object_above_max_properties', 'at most 16'],
  [assistant({ metadata: { a: longText(513) } }), 'metadata', 'string_above_max_length', '512'],
  [assistant({ instructions: 'a\u0000b' }), 'instructions', 'invalid_value', 'NUL'],
  [assistant({ response_format: 'xml' }), 'response_format', 'invalid_value', 'xml'],
  [list('limit=0'), 'limit', 'integer_below_min_value', 'Expected a value >= 1'],
  [list('limit=101'), 'limit', 'integer_above_max_value', 'Expected a value <= 100'],
  [list('limit=-1'), 'limit', 'integer_below_min_value', 'Expected a value >= 1'],
  [list('limit=1.5'), 'limit', 'invalid_type', 'expected an integer'],
  [list('limit=many'), 'limit', 'invalid_type', 'expected an integer'],
  [list('order=up'), 'order', 'invalid_value', "'asc', 'desc'"],
  [list('after=nothing'), 'after', 'invalid_value', "no object found with id 'nothing'"],
  [list('after=a%00b'), 'after', 'invalid_value', 'NUL'],
  [list('nonsense=1'), 'nonsense', 'unknown_parameter', "Unknown parameter: 'nonsense'."],
  [post('/threads', { messages: [{ content: 'x' }] }), 'messages[0].role', 'missing_required_parameter', 'Missing'],
  [post('/threads', { messages: 'hello' }), 'messages', 'invalid_type', 'expected an array'],
  [message({ role: 'system' }), 'role', 'invalid_value', "'user', 'assistant'"],
  [message({ content: null }), 'content', 'missing_required_parameter', 'Missing'],
  [message({ content: [{ type: 'text' }] }), 'content[0].text', 'missing_required_parameter', 'Missing'],
  [message({ content: [{ type: 'smell' }] }), 'content[0].type', 'invalid_value', 'smell'],
  [message({ attachments: [{}] }), 'attachments[0].file_id', 'missing_required_parameter', 'Missing'],
  [post('/threads/{thread}/runs', {}), 'assistant_id', 'missing_required_parameter', 'Missing'],
  [run({ max_completion_tokens: 10 }), 'max_completion_tokens', 'integer_below_min_value', '>= 256'],
  [run({ stream: 'yes' }), 'stream', 'invalid_type', 'expected a boolean'],
  [
    run({ additional_messages: [{ role: 'user' }] }),
    'additional_messages[0].content',
    'missing_required_parameter',
    '',
  ],
  [post('/threads/runs', {}), 'assistant_id', 'missing_required_parameter', 'Missing'],
  [post('/chat/completions', {}), 'messages', 'missing_required_parameter', 'Missing'],
  [post('/chat/completions', { messages: [] }), 'messages', 'empty_array', 'empty array'],
  [post('/chat/completions', { messages: 'hi' }), 'messages', 'invalid_type', 'expected an array'],
  [post('/chat/completions', { messages: [{}] }), 'messages[0].role', 'missing_required_parameter', 'Missing'],
  [post('/chat/completions', { messages: ['hi'] }), 'messages[0]', 'invalid_type', 'expected an object'],
  [post('/chat/completions', []), null, null, 'must be a JSON object'],
];

describe('a request that cannot be taken', () => {
  it.each(CASES.map((each, index) => [`${each[0].method} ${each[0].path} ${show(each[0].body)}`, index] as const))(
    'is answered with what is wrong: %s',
    async (_title, index) => {
      const [request, param, code, text] = CASES[index] ?? fail();
      const error = expectEnvelope(await call(request), 400);
      expect(error).toMatchObject({ type: 'invalid_request_error', code });
      expect(error.param?.replace(/^metadata\..*/, 'metadata') ?? null).toBe(param);
      expect(error.message).toContain(text);
    },
  );

  it('is refused when it is too large, and the server goes on', async () => {
    const body = { model: 'threadmill-demo', instructions: longText(BODY_LIMIT_MB * 1_100_000) };
    expect(expectEnvelope(await call(post('/assistants', body)), 413).code).toBe('request_too_large');
  });

  it('is refused when it speaks another version of the wire', async () => {
    const old = await callWire(
      server,
      token,
      { method: 'GET', path: '/assistants' },
      { 'openai-beta': 'assistants=v1' },
    );
    expect(expectEnvelope(old, 400).code).toBe('invalid_beta');
  });

  it('is refused when its JSON is nested beyond all reason', async () => {
    const depth = 20_000;
    const parameters = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const body = `{"model":"m","tools":[{"type":"function","function":{"name":"f","parameters":${parameters}}}]}`;
    expectEnvelope(await call(post('/assistants', body)), 400);
  });

  it('is answered alike for a plain array, a text, and nothing where an object is needed', async () => {
    for (const body of ['[]', '"text"', '5', 'null', '[{"model":"m"}]']) {
      const answer = await call(post('/assistants', body));
      expectEnvelope(answer, 400);
    }
    expect(expectEnvelope(await call({ method: 'POST', path: '/assistants' }), 400).param).toBe('model');
  });

  it('leaves nothing behind', async () => {
    const [assistants, messages, runs] = [
      (await client.beta.assistants.list()).data,
      (await client.beta.threads.messages.list(threadId)).data,
      (await client.beta.threads.runs.list(threadId)).data,
    ];
    expect(assistants.map(({ id }) => id)).toEqual([assistantId]);
    expect(messages).toEqual([]);
    expect(runs).toEqual([]);
    const threads = await callWire(server, token, { method: 'GET', path: '/threads' });
    expect((threads.body as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual([threadId]);
  });
});

describe('the SDK', () => {
  it.each<[string, new (...parameters: never[]) => Error, (openai: OpenAI) => PromiseLike<unknown>, object]>([
    [
      'an unknown assistant',
      OpenAI.NotFoundError,
      (openai) => openai.beta.assistants.retrieve(MADE_UP.assistant),
      { status: 404, error: { message: `No assistant found with id '${MADE_UP.assistant}'.` }, code: null },
    ],
    [
      'an unknown thread',
      OpenAI.NotFoundError,
      (openai) => openai.beta.threads.runs.create(MADE_UP.thread, { assistant_id: assistantId }),
      { status: 404, error: { message: `No thread found with id '${MADE_UP.thread}'.` } },
    ],
    [
      'an unknown file',
      OpenAI.NotFoundError,
      (openai) => openai.files.content(MADE_UP.file),
      { status: 404, param: 'id', error: { message: `No such File object: ${MADE_UP.file}` } },
    ],
    [
      'an unknown model',
      OpenAI.NotFoundError,
      (openai) => openai.models.retrieve('gpt-0'),
      { status: 404, param: 'model', code: 'model_not_found', error: { message: "The model 'gpt-0' does not exist" } },
    ],
    [
      'a chat with an unknown model',
      OpenAI.NotFoundError,
      (openai) => openai.chat.completions.create({ model: 'gpt-0', messages: [{ role: 'user', content: 'x' }] }),
      { status: 404, param: 'model', code: 'model_not_found' },
    ],
    [
      'a wrong value',
      OpenAI.BadRequestError,
      (openai) => openai.beta.assistants.create({ model: 'threadmill-demo', temperature: -1 }),
      { status: 400, param: 'temperature', type: 'invalid_request_error' },
    ],
    [
      'a wrong key',
      OpenAI.AuthenticationError,
      () => server.openaiFor('sk-no').beta.threads.create(),
      { status: 401, code: 'invalid_api_key' },
    ],
  ])('throws its own error for %s', async (_title, errorClass, request, expected) => {
    const caught: unknown = await Promise.resolve(request(client)).catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(errorClass);
    expect(caught).toMatchObject({ ...expected, requestID: expect.stringMatching(/^req_/) as string });
  });
});

function show(body: unknown): string {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function fail(): never {
  throw new Error('No such case.');
}

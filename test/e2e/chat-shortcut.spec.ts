import { request as sendRequest, type IncomingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { ScriptedTurn } from '../fakes/model-server/index.js';
import { eventually } from '../support/eventually.js';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';

/** Both lead to the same route; only the first is the shortcut's. */
const SHORTCUT = '/v1/chat/completions';
const FRAMEWORK = '/v1/chat/completions/';
const BODY_LIMIT_MB = 1;

interface Call {
  body: string | Buffer;
  headers?: Record<string, string | undefined>;
  turn?: ScriptedTurn;
  /** Without a content-length. */
  chunked?: boolean;
}

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
  /** Whether all of the answer came. */
  whole: boolean;
}

let scripted: ScriptedServer;
const startServer = async (env: Record<string, string>): Promise<void> => {
  scripted = await startScriptedServer({ env: { MODEL_MAX_RETRIES: '0', ...env } });
};

function send(path: string, { body, headers, turn, chunked }: Call): Promise<Answer> {
  scripted.models.setScript(turn ? [turn] : []);
  const bytes = Buffer.from(body);
  const all: Record<string, string | number | undefined> = {
    authorization: `Bearer ${scripted.token}`,
    'content-type': 'application/json',
    'content-length': chunked ? undefined : bytes.length,
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const call = sendRequest(scripted.server.baseUrl + path, { method: 'POST', headers: sent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => undefined);
      response.on('close', () => {
        const { statusCode: status, headers, complete: whole } = response;
        resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8'), whole });
      });
    });
    call.on('error', reject);
    call.end(bytes);
  });
}

/** What must be the same, whoever answers: ids and times are each answer's own. */
function comparable({ headers, body, ...answer }: Answer): object {
  const own = /"(id|created)":("[^"]*"|\d+)/g;
  const { 'x-request-id': id, 'openai-processing-ms': time, date, ...others } = headers;
  const { 'content-length': length, ...rest } = others;
  return {
    ...answer,
    marks: [typeof id, typeof time, typeof date, typeof length],
    headers: rest,
    body: body.replace(own, '"$1":0'),
  };
}

const chat = (fields: object = {}): string =>
  JSON.stringify({
    model: scripted.models.model,
    messages: [{ role: 'user', content: 'Hällo, "you"' }],
    ...fields,
  });
const longText = (bytes: number): string => 'x'.repeat(bytes);
const text = 'one two three four five six';

const CASES: Record<string, () => Call> = {
  'a plain request': () => ({ body: chat() }),
  'a stream': () => ({ body: chat({ stream: true }) }),
  'a long request': () => ({ body: chat({ user: longText(500_000) }) }),
  'a request without a content type': () => ({ body: chat(), headers: { 'content-type': undefined } }),
  'a request with a character set': () => ({
    body: chat(),
    headers: { 'content-type': 'application/json; charset=utf-8' },
  }),
  'a request with an unknown character set': () => ({
    body: chat(),
    headers: { 'content-type': 'application/json; charset=x-odd' },
  }),
  'a chunked request': () => ({ body: chat(), chunked: true }),
  'a compressed request': () => ({ body: gzipSync(chat()), headers: { 'content-encoding': 'gzip' } }),
  'a request in an unknown encoding': () => ({ body: chat(), headers: { 'content-encoding': 'odd' } }),
  'a byte order mark': () => ({ body: `\ufeff${chat()}` }),
  'white space around': () => ({ body: `\n ${chat()} \n` }),
  'no body': () => ({ body: '' }),
  'a body that is too long': () => ({ body: chat({ user: longText(BODY_LIMIT_MB * 1024 * 1024) }) }),
  'broken JSON': () => ({ body: '{"model": ' }),
  'no JSON': () => ({ body: 'not json' }),
  'an array': () => ({ body: '[]' }),
  'a number': () => ({ body: '5' }),
  'no messages': () => ({ body: '{}' }),
  'empty messages': () => ({ body: chat({ messages: [] }) }),
  'a message without a role': () => ({ body: chat({ messages: [{}] }) }),
  'a model that is no text': () => ({ body: chat({ model: 5 }) }),
  'a stream flag that is no flag': () => ({ body: chat({ stream: 'yes' }) }),
  'no model': () => ({ body: chat({ model: undefined }) }),
  'an unknown model': () => ({ body: chat({ model: 'nobody-has-it' }) }),
  'the extension file_ids': () => ({ body: chat({ file_ids: [], execute_code: false }) }),
  'a missing file': () => ({ body: chat({ file_ids: ['file-missing'] }) }),
  'a stored answer': () => ({ body: chat({ store: true, metadata: { a: 'b' } }) }),
  'a URL inside the network': () => ({
    body: chat({
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://127.0.0.1/' } }] }],
    }),
  }),
  'no key': () => ({ body: chat(), headers: { authorization: undefined } }),
  'a wrong key': () => ({ body: chat(), headers: { authorization: 'Bearer sk-none-of-ours-at-all' } }),
  'the project of others': () => ({ body: chat(), headers: { 'openai-project': 'proj_of_others' } }),
  'a wrong key and broken JSON': () => ({ body: '{', headers: { authorization: 'Bearer sk-none-of-ours-at-all' } }),
  'an answer in a type of its own': () => ({ body: chat({ stream: true }), turn: { text, whole: true } }),
  'a model server that refuses': () => ({ body: chat(), turn: { error: { status: 400, message: 'Too long.' } } }),
  'a model server over its limits': () => ({
    body: chat(),
    turn: { error: { status: 429, headers: { 'retry-after': '7' } } },
  }),
  'a model server that breaks down': () => ({ body: chat({ stream: true }), turn: { error: { status: 500 } } }),
  'a model server that hangs up': () => ({ body: chat(), turn: { cut: 'before-headers' } }),
  'a model server that hangs up in the middle': () => ({
    body: chat({ stream: true }),
    turn: { text, cut: 'mid-stream', delayMs: 5 },
  }),
};

describe('the shortcut for chat completions and the framework', () => {
  beforeAll(() => startServer({ MAX_BODY_SIZE_MB: String(BODY_LIMIT_MB) }), 90_000);
  afterAll(() => scripted.stop());

  // The shortcut takes only callers who are known from a request just before.
  beforeEach(async () => void (await scripted.client.models.list()));

  it.each(Object.entries(CASES))('answer alike: %s', async (_title, makeCall) => {
    const framework = await send(FRAMEWORK, makeCall());
    const heard = scripted.models.chats.at(-1);
    const shortcut = await send(SHORTCUT, makeCall());
    expect(comparable(shortcut)).toEqual(comparable(framework));
    const passedOn = scripted.models.chats.at(-1);
    expect(passedOn?.body).toEqual(heard?.body);
    expect({ ...passedOn?.headers, host: '' }).toEqual({ ...heard?.headers, host: '' });
  });

  it('pass on what the request belongs to in a trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    for (const path of [SHORTCUT, FRAMEWORK]) {
      await send(path, { body: chat(), headers: { traceparent } });
      expect(scripted.models.chats.at(-1)?.headers['traceparent']).toBe(traceparent);
    }
  });

  it('log a failure once, with the id that the client was told', async () => {
    for (const path of [SHORTCUT, FRAMEWORK]) {
      const { status, headers } = await send(path, { body: chat(), turn: { error: { status: 500 } } });
      expect(status).toBe(502);
      const id = String(headers['x-request-id']);
      await eventually(() => expect(linesWith(id)).toHaveLength(2));
      const [failure, line] = linesWith(id);
      expect(failure).toMatchObject({ context: 'Errors', req: { id, method: 'POST', path } });
      expect(line).toMatchObject({ context: 'HTTP', res: { status: 502 }, req: { id, method: 'POST', path } });
    }
  });

  it('log an answer that broke off', async () => {
    const before = linesWith('Errors').length;
    for (const path of [SHORTCUT, FRAMEWORK]) {
      const call = { body: chat({ stream: true }), turn: { text, cut: 'mid-stream' as const, delayMs: 5 } };
      expect(await send(path, call)).toMatchObject({ status: 200, whole: false });
    }
    await eventually(() => expect(linesWith('Errors').length).toBe(before + 2));
  });

  it('end an answer before the server ends', async () => {
    const before = scripted.models.chats.length;
    const turn = { text: 'word '.repeat(50), delayMs: 20 };
    const answer = send(SHORTCUT, { body: chat({ stream: true }), turn });
    await eventually(() => expect(scripted.models.chats.length).toBe(before + 1));
    await scripted.server.kill('SIGTERM');
    expect(await answer).toMatchObject({
      status: 200,
      whole: true,
      body: expect.stringMatching(/\[DONE\]\s*$/) as string,
    });
  });
});

describe('the shortcut for chat completions, with a limit', () => {
  const LIMIT = 6;
  beforeAll(() => startServer({ RATE_LIMIT_REQUESTS_PER_MINUTE: String(LIMIT) }), 90_000);
  afterAll(() => scripted.stop());

  it('counts each request once, and refuses those beyond', async () => {
    const remaining = async (call: Call): Promise<[number | undefined, string | string[] | undefined]> => {
      const { status, headers } = await send(SHORTCUT, call);
      return [status, headers['x-ratelimit-remaining-requests']];
    };
    // Making the assistant was the first.
    expect(await remaining({ body: chat() })).toEqual([200, '4']);
    expect(await remaining({ body: chat(), turn: { error: { status: 500 } } })).toEqual([502, '3']);
    expect(await remaining({ body: '{}' })).toEqual([400, '2']);
    expect(await remaining({ body: chat({ stream: true }) })).toEqual([200, '1']);
    expect(await remaining({ body: chat({ store: true }) })).toEqual([200, '0']);
    const { headers, ...refused } = await send(SHORTCUT, { body: chat() });
    expect(refused).toMatchObject({ status: 429, body: expect.stringContaining('rate_limit_exceeded') as string });
    expect(headers).toMatchObject({
      'retry-after': expect.stringMatching(/^\d+$/) as string,
      'x-ratelimit-limit-requests': String(LIMIT),
    });
  });
});

function linesWith(part: string): unknown[] {
  return scripted.server.logs
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes(part))
    .map((line) => JSON.parse(line) as unknown);
}

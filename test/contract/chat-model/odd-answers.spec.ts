import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { createModelGateway, type ChatDelta, type ChatModel, type ModelGateway } from '@libs/llm';
import { LoopbackServer } from '../../fakes/loopback-server.js';
import { eventually } from '../../support/eventually.js';
import { collect, failureOf, textOf } from './chat-model.contract.js';

type Answer = (response: ServerResponse) => void;

/** Lists one model and answers chats as the test says. */
class OddServer extends LoopbackServer {
  answer: Answer = (response) => response.end();
  asked: IncomingMessage['headers'] = {};

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/v1/models') {
      response.end(JSON.stringify({ data: [{ id: 'odd' }] }));
      return;
    }
    this.asked = request.headers;
    request.resume();
    await once(request, 'end');
    this.answer(response);
  }
}

const frame = (delta: object, reason: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
const STREAM = `${frame({ content: 'Hello, ' })}${frame({ content: 'Grüße 🌍' })}${frame({}, 'stop')}data: [DONE]\n\n`;
const message = { role: 'assistant', content: 'Hello, Grüße 🌍' };
const WHOLE = JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] });
const PAGE = '<!doctype html><html><head><title>Open WebUI</title></head></html>';

const server = new OddServer();
let gateway: ModelGateway;
let chat: ChatModel;

beforeAll(async () => {
  await server.start();
  gateway = createModelGateway({
    backend: 'openai',
    hosts: { openai: `${server.url}/v1` },
    timeoutMs: 20_000,
    maxRetries: 0,
  });
  chat = (await gateway.resolve('odd')).chat;
});
afterAll(async () => {
  await gateway.close();
  await server.stop();
});

function ask(answer: Answer): AsyncIterable<ChatDelta> {
  server.answer = answer;
  return chat.stream({ model: 'odd', messages: [{ role: 'user', content: 'Hi' }] });
}

const sent =
  (headers: Record<string, string>, body: string | Buffer, status = 200): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);

describe('an answer that is not what it says it is', () => {
  it.each<[string, Answer]>([
    ['a stream called JSON', sent({ 'content-type': 'application/json' }, STREAM)],
    ['a stream called nothing', sent({}, STREAM)],
    ['JSON called a stream', sent({ 'content-type': 'text/event-stream' }, WHOLE)],
    ['JSON called a text', sent({ 'content-type': 'text/plain' }, `\n ${WHOLE}`)],
    ['JSON without a reason to end', sent({}, WHOLE.replace('"stop"', 'null'))],
    ['a stream without a reason to end', sent({}, STREAM.replace('"stop"', 'null'))],
    ['a stream in gzip', sent({ 'content-encoding': 'gzip' }, gzipSync(STREAM))],
    ['a stream in deflate', sent({ 'content-encoding': 'deflate' }, deflateSync(STREAM))],
    [
      'JSON in brotli',
      sent({ 'content-encoding': 'br', 'content-type': 'application/json' }, brotliCompressSync(WHOLE)),
    ],
    ['one of HTTP/1.0', (response) => response.socket?.end(`HTTP/1.0 200 OK\r\n\r\n${STREAM}`)],
  ])('%s is read', async (_title, answer) => {
    const deltas = await collect(ask(answer));
    expect(textOf(deltas)).toBe('Hello, Grüße 🌍');
    expect(deltas.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect(server.asked['accept-encoding']).toBe('identity');
  });

  it('a refusal in gzip is told in its words', async () => {
    const body = gzipSync(JSON.stringify({ error: { message: 'Too long.', code: 400 } }));
    const failure = await failureOf(ask(sent({ 'content-encoding': 'gzip' }, body, 400)));
    expect(failure).toMatchObject({ kind: 'rejected', message: 'Too long.' });
  });

  it.each<[string, Answer, RegExp]>([
    ['a web page', sent({ 'content-type': 'text/html' }, PAGE), /web page: its address seems to be wrong/],
    ['gzip that is none', sent({ 'content-encoding': 'gzip' }, STREAM), /closed the stream|cannot be reached/],
    ['nothing', sent({ 'content-type': 'text/event-stream' }, ''), /closed the stream/],
  ])('%s is an error', async (_title, answer, expected) => {
    const failure = await failureOf(ask(answer));
    expect(failure).toMatchObject({ name: 'ModelError', message: expect.stringMatching(expected) as string });
  });
});

it('an answer that is all there ends, and in time its connection, where the server never ends it', async () => {
  let isClosed = false;
  const deltas = await collect(
    ask((response) => {
      response.once('close', () => (isClosed = true));
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(STREAM);
    }),
  );
  expect(textOf(deltas)).toBe('Hello, Grüße 🌍');
  await eventually(() => Promise.resolve(expect(isClosed).toBe(true)));
});

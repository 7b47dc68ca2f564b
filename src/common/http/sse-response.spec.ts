import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Response } from 'express';
import { SseResponse } from './sse-response.js';

let server: Server;

/** Serves one handler with Express's answers. */
async function serve(handle: (response: Response) => unknown): Promise<IncomingMessage> {
  server = createServer(express().get('/', (_, response) => void handle(response)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port });
  const [message] = (await once(request, 'response')) as [IncomingMessage];
  return message;
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('events are told as frames, unbuffered and uncompressed', async () => {
  const message = await serve(async (response) => {
    const sse = new SseResponse(response);
    await sse.send({ id: '1', event: 'a', data: '{}' });
    await sse.send({ data: '[DONE]' });
    sse.end();
    sse.end();
    await sse.send({ data: 'too late' });
  });
  const body = (await message.setEncoding('utf8').toArray()).join('');
  expect(body).toBe('id: 1\nevent: a\ndata: {}\n\ndata: [DONE]\n\n');
  expect(message.statusCode).toBe(200);
  expect(message.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
});

test('headers go out before the first event', async () => {
  const message = await serve((response) => new SseResponse(response));
  expect(message.headers['content-type']).toContain('text/event-stream');
});

test('a client that goes away aborts the signal and stops every wait', async () => {
  let sse: SseResponse | undefined;
  const message = await serve((response) => (sse = new SseResponse(response)));
  if (!sse) throw new Error('No stream began.');
  const flood = (async (stream: SseResponse) => {
    while (!stream.signal.aborted) await stream.send({ data: 'x'.repeat(100_000) });
  })(sse);
  message.destroy();
  await flood;
  await sse.send({ data: 'to nobody' });
  sse.end();
  expect(sse.signal.aborted).toBe(true);
});

test('a client that was gone before the stream began is noticed', async () => {
  const outcome = new Promise<boolean>((resolve, reject) => {
    const handle = async (response: Response): Promise<void> => {
      response.flushHeaders();
      response.write('x');
      await once(response, 'close');
      const sse = new SseResponse(response);
      await sse.send({ data: 'to nobody' });
      sse.end();
      resolve(sse.signal.aborted);
    };
    serve((response) => handle(response).catch(reject)).then((message) => message.destroy(), reject);
  });
  expect(await outcome).toBe(true);
});

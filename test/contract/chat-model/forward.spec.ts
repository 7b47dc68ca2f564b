import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createModelGateway, type ModelGateway, type ModelServer } from '@libs/llm';
import { ModelServerProcess, type RemoteModelServer } from '../../fakes/model-server/index.js';
import { eventually } from '../../support/eventually.js';

interface Forwarded {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  error?: Error;
}

type Forward = NonNullable<ModelServer['forward']>;

function forwardAll(forward: Forward, body: unknown, signal = new AbortController().signal): Promise<Forwarded> {
  return new Promise((resolve) => {
    const result: Forwarded = { status: 0, headers: {}, body: Buffer.alloc(0) };
    forward(
      { path: '/chat/completions', body: Buffer.from(JSON.stringify(body)), signal },
      {
        onStart: (status, headers) => Object.assign(result, { status, headers }),
        onData: (chunk) => {
          result.body = Buffer.concat([result.body, chunk]);
          return true;
        },
        onEnd: () => resolve(result),
        onError: (error) => resolve({ ...result, error }),
      },
    );
  });
}

function gatewayTo(url: string, timeoutMs = 1000): { gateway: ModelGateway; forward: Forward } {
  const gateway = createModelGateway({
    backend: 'openai',
    hosts: { openai: `${url}/v1` },
    apiKeys: { openai: 'server-key' },
    timeoutMs,
    maxRetries: 0,
  });
  const forward = gateway.servers[0]?.forward;
  if (forward === undefined) throw new Error('There is no byte path.');
  return { gateway, forward };
}

describe('ModelServer.forward', () => {
  let models: ModelServerProcess;
  let server: RemoteModelServer;
  let gateway: ModelGateway;
  let forward: Forward;

  beforeAll(async () => {
    models = await ModelServerProcess.start(['vllm']);
    server = models.serverOf('vllm');
  });
  afterAll(() => models.kill());

  beforeEach(async () => {
    await server.reset({ apiKey: 'server-key' });
    ({ gateway, forward } = gatewayTo(server.url, 400));
  });
  afterEach(() => gateway.close());

  const body = (more = {}): object => ({ model: server.model, messages: [{ role: 'user', content: 'Hi' }], ...more });

  it('passes the request and the answer on byte for byte, with the key of the server', async () => {
    const frames = ['data: {"text":"Grüße 🌍"}\n\n', ': a comment\n\n', 'data: [DONE]\n\n'];
    await server.setScript([{ rawFrames: frames }]);
    const sent = body({ stream: true, unknown_option: { kept: [1] } });
    const answer = await forwardAll(forward, sent);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers).not.toHaveProperty('transfer-encoding');
    expect(answer.headers).not.toHaveProperty('connection');
    expect(answer.body.toString('utf8')).toBe(frames.join(''));
    const [chat] = await server.chats();
    expect(chat?.body).toEqual(sent);
    expect(chat?.headers).toMatchObject({ authorization: 'Bearer server-key' });
  });

  it('passes error answers on as answers', async () => {
    const answer = await forwardAll(forward, body({ model: 'none' }));
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ error: { code: 404 } });
    expect(answer.error).toBeUndefined();
  });

  it('sends nobody where a redirect leads to', async () => {
    await server.setScript([{ error: { status: 307, body: {}, headers: { location: 'http://127.0.0.1:1/inner' } } }]);
    const answer = await forwardAll(forward, body());
    expect(answer.status).toBe(0);
    expect(answer.error).toMatchObject({ kind: 'failed', details: { status: 307 } });
    expect(JSON.stringify([answer, answer.error?.message])).not.toContain('inner');
  });

  it('destroys the request of the server on abort, and calls nothing after', async () => {
    await server.setScript([{ text: 'One two three four five six.', delayMs: 50 }]);
    const controller = new AbortController();
    const answer = forwardAll(forward, body({ stream: true }), controller.signal);
    await eventually(async () => expect(await server.chats()).toHaveLength(1));
    controller.abort();
    expect((await answer).error).toMatchObject({ name: 'ModelError', kind: 'aborted' });
    await eventually(async () => expect((await server.chats())[0]?.closedEarly).toBe(true));
  });

  it('does not even ask when it was aborted before', async () => {
    const answer = await forwardAll(forward, body(), AbortSignal.abort());
    expect(answer.error).toMatchObject({ kind: 'aborted' });
    await pause(20);
    expect(await server.chats()).toHaveLength(0);
  });

  it('reports a cut, silence and a server that is gone', async () => {
    await server.setScript([
      { cut: 'mid-stream', text: 'One two three four.' },
      { text: 'late', delayMs: 3000 },
    ]);
    const cut = await forwardAll(forward, body({ stream: true }));
    expect(cut.status).toBe(200);
    expect(cut.error).toMatchObject({ kind: 'unavailable' });
    expect((await forwardAll(forward, body())).error).toMatchObject({ kind: 'timeout' });
    await models.kill();
    expect((await forwardAll(forward, body())).error).toMatchObject({ kind: 'unavailable' });
    await models.restart();
  });
});

describe('ModelServer.forward and informational answers', () => {
  it('starts with the final answer', async () => {
    const upstream = createServer((request, response) => {
      request.resume();
      response.writeProcessing();
      setTimeout(() => response.end('done'), 20);
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const { gateway, forward } = gatewayTo(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
    const statuses: number[] = [];
    await new Promise<void>((resolve, reject) => {
      forward(
        { path: '/chat/completions', body: Buffer.from('{}'), signal: new AbortController().signal },
        { onStart: (status) => void statuses.push(status), onData: () => true, onEnd: resolve, onError: reject },
      );
    });
    expect(statuses).toEqual([200]);
    await gateway.close();
    upstream.close();
  });
});

describe('ModelServer.forward under backpressure', () => {
  const CHUNK = Buffer.alloc(64 * 1024, 'x');
  const CHUNKS = 400;
  let upstream: Server;
  let written = 0;

  beforeEach(async () => {
    written = 0;
    upstream = createServer((request, response) => {
      request.resume();
      const push = (): void => {
        while (written < CHUNKS) {
          written += 1;
          if (!response.write(CHUNK)) {
            response.once('drain', push);
            return;
          }
        }
        response.end();
      };
      push();
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    upstream.closeAllConnections();
    upstream.close();
  });

  it('stops the server while the sink asks for a pause, and loses nothing', async () => {
    const { gateway, forward } = gatewayTo(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
    let resume = (): void => undefined;
    let received = 0;
    let isPaused = true;
    const done = new Promise<void>((resolve, reject) => {
      forward(
        { path: '/chat/completions', body: Buffer.from('{}'), signal: new AbortController().signal },
        {
          onStart: (_status, _headers, goOn) => (resume = goOn),
          onData: (chunk) => {
            received += chunk.length;
            return !isPaused;
          },
          onEnd: resolve,
          onError: reject,
        },
      );
    });
    while (received === 0) await pause(5);
    await pause(100);
    const [receivedInPause, writtenInPause] = [received, written];
    await pause(100);
    expect(received).toBe(receivedInPause);
    expect(written).toBe(writtenInPause);
    expect(written).toBeLessThan(CHUNKS);
    isPaused = false;
    resume();
    await done;
    expect(received).toBe(CHUNK.length * CHUNKS);
    await gateway.close();
  });
});

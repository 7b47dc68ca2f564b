import { createServer, request as sendRequest, type ClientRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { createModelGateway, type ModelGateway } from '@libs/llm';
import type { Response } from 'express';
import { ImitationModelServer } from '../../../test/fakes/model-server/index.js';
import { eventually } from '../../../test/support/eventually.js';
import type { ChatEngine } from './chat-engine.js';
import { ChatService } from './chat.service.js';
import { COMPLETIONS } from './pass-through/pass-through-routes.js';
import { PassThroughService } from './pass-through/pass-through.service.js';
import type { SessionsService } from '../sessions/index.js';
import type { StoredCompletionsService } from './stored/stored-completions.service.js';

const SCOPE = { projectId: 'proj_1', userId: 'user_1' } as never;

/** Where requests wait until they may go on. */
class Gate {
  waiting = 0;
  #open: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  shut(): void {
    this.#open = new Promise((resolve) => (this.#release = resolve));
  }

  open(): void {
    this.#release();
  }

  async pass(): Promise<void> {
    this.waiting += 1;
    await this.#open;
    this.waiting -= 1;
  }
}

/** Before a model is found, and before an agent begins. */
const [finding, beginning] = [new Gate(), new Gate()];
let models: ImitationModelServer;
let gateway: ModelGateway;
let server: Server;
let closed = 0;
let settled = 0;
const signals: AbortSignal[] = [];

beforeAll(async () => {
  models = await new ImitationModelServer({ profile: 'vllm' }).start();
  const limits = { breaker: { failures: 9, openMs: 1000 }, slots: { max: 1, queueLength: 0, queueMs: 1000 } };
  const limited = { name: 'limited', kind: 'vllm' as const, address: models.url, priority: 1, weight: 1, ...limits };
  gateway = createModelGateway({
    backend: 'auto',
    hosts: {},
    servers: [{ ...limited, listsModels: true }],
    timeoutMs: 5000,
    maxRetries: 0,
  });
  const resolve = (model: string): ReturnType<ModelGateway['resolve']> =>
    finding.pass().then(() => gateway.resolve(model));
  const gated = { settings: () => ({}), resolve } as unknown as ModelGateway;
  const chat = new ChatService(gated, fakeEngine(), {} as StoredCompletionsService, {} as SessionsService);
  const passThrough = new PassThroughService(gated);
  server = createServer((request, response) => {
    response.on('close', () => (closed += 1));
    void json(request).then(async (parsed) => {
      const body = { parsed, raw: Buffer.from(JSON.stringify(parsed)) };
      await (request.url === '/chat'
        ? chat.complete(SCOPE, body, response as Response)
        : passThrough.pass(COMPLETIONS, body, response));
      settled += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await gateway.close();
  await models.stop();
});

/** An agent that is at work on its files before it begins to answer. */
function fakeEngine(): ChatEngine {
  const start = async (...[, , { left }]: Parameters<ChatEngine['start']>): ReturnType<ChatEngine['start']> => {
    signals.push(left);
    await beginning.pass();
    const usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0, reasoningTokens: 0 };
    const deltas = (async function* () {
      yield { content: 'x' };
      return { reason: 'stop' as const, usage, extensions: {}, failure: null, lastCodeCall: null };
    })();
    return { head: { id: 'chatcmpl-1', created: 1, model: 'm' }, deltas };
  };
  return { start } as unknown as ChatEngine;
}

function send(path: string, fields: object): ClientRequest {
  const { port } = server.address() as AddressInfo;
  const call = sendRequest({ host: '127.0.0.1', port, path, method: 'POST' });
  call.on('error', () => undefined);
  call.end(JSON.stringify({ model: models.model, ...fields }));
  return call;
}

async function answerTo(path: string, fields: object): Promise<string> {
  const call = send(path, fields);
  return new Promise((resolve) => call.on('response', (response) => resolve(text(response))));
}

/** Leaves while the request waits at the gate, which opens once the server knows. */
async function leaveAt(gate: Gate, call: ClientRequest): Promise<void> {
  const [closedBefore, settledBefore] = [closed, settled];
  await eventually(() => expect(gate.waiting).toBe(1));
  call.destroy();
  await eventually(() => expect(closed).toBe(closedBefore + 1));
  gate.open();
  await eventually(() => expect(settled).toBe(settledBefore + 1));
}

const messages = [{ role: 'user', content: 'Hi' }];

describe('a client that leaves while its model is looked for', () => {
  it.each([
    ['/chat', { messages }],
    ['/chat', { messages, stream: true }],
    ['/completions', { prompt: 'Hi' }],
  ])('holds no slot of the server: %s %j', async (path, fields) => {
    const asked = models.requests.length;
    finding.shut();
    await leaveAt(finding, send(path, fields));
    expect(models.requests.slice(asked).filter(({ method }) => method === 'POST')).toEqual([]);
    expect(await answerTo(path, fields)).toContain('imitation');
  });

  it('has no agent at work for it', async () => {
    finding.shut();
    await leaveAt(finding, send('/chat', { messages, agent_type: 'chat' }));
    expect(signals).toEqual([]);
  });
});

it('tells the agent of a client that leaves while it begins', async () => {
  beginning.shut();
  await leaveAt(beginning, send('/chat', { messages, agent_type: 'chat', stream: true }));
  expect(signals).toMatchObject([{ aborted: true }]);
});

import { ModelError } from '../ports/model-error.js';
import type { ModelInfo, ModelServer } from '../ports/model-server.js';
import { chooseBackends, createModelGateway, plainSite } from './create-model-gateway.js';
import { MergedModelGateway, type MergedGatewayOptions } from './model-gateway.js';

class FakeServer implements ModelServer {
  readonly chat = { stream: () => Promise.reject(new Error('not asked')) as never };
  readonly kind = 'fake';
  asked = 0;
  failure: ModelError | undefined;

  constructor(
    readonly name: string,
    public models: string[],
  ) {}

  async listModels(): Promise<ModelInfo[]> {
    this.asked += 1;
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    return this.models.map((id) => ({ id, created: 1, ownedBy: this.name }));
  }

  health(): Promise<{ status: 'ok' }> {
    return Promise.resolve({ status: 'ok' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const DOWN = new ModelError('unavailable', 'down');

function gatewayOver(
  servers: readonly FakeServer[],
  now: () => number,
  more: Partial<MergedGatewayOptions> = {},
): MergedModelGateway {
  const clock = { now };
  const sites = servers.map((server, index) => plainSite(server, index + 1, clock));
  return new MergedModelGateway({ sites, clock, maxRetries: 0, ...more });
}

describe('MergedModelGateway', () => {
  let now: number;
  let first: FakeServer;
  let second: FakeServer;
  let gateway: MergedModelGateway;

  beforeEach(() => {
    now = 1_000_000;
    first = new FakeServer('first', ['a', 'both']);
    second = new FakeServer('second', ['both', 'b']);
    gateway = gatewayOver([first, second], () => now);
  });

  it('lists every model once and finds its server', async () => {
    const models = await gateway.listModels();
    expect(models.map(({ id, ownedBy }) => [id, ownedBy])).toEqual([
      ['a', 'first'],
      ['both', 'first'],
      ['b', 'second'],
    ]);
    await expect(gateway.resolve('b')).resolves.toBe(second);
    expect(gateway.places('both').map(({ server, priority }) => [server, priority])).toEqual([
      ['first', 1],
      ['second', 2],
    ]);
    await expect(gateway.defaultModel()).resolves.toBe('a');
  });

  it('asks once for callers at the same time, and again when the list is old', async () => {
    await Promise.all([gateway.listModels(), gateway.resolve('a'), gateway.defaultModel()]);
    expect(first.asked).toBe(1);
    now += 4999;
    await gateway.listModels();
    expect(first.asked).toBe(1);
    now += 1;
    await gateway.listModels();
    expect(first.asked).toBe(2);
  });

  it('does not let a known model wait for a fresh list', async () => {
    await gateway.listModels();
    now += 60_000;
    second.models = [];
    await expect(gateway.resolve('b')).resolves.toBe(second);
    await expect(gateway.listModels()).resolves.toHaveLength(2);
    await expect(gateway.resolve('b')).rejects.toMatchObject({ kind: 'model_not_found' });
  });

  it('does not hide the others behind a dead server', async () => {
    first.failure = DOWN;
    const models = await gateway.listModels();
    expect(models.map(({ id }) => id)).toEqual(['both', 'b']);
    await expect(gateway.resolve('a')).rejects.toMatchObject({ kind: 'model_not_found' });
  });

  it('remembers where a model was when its server falls silent', async () => {
    await gateway.listModels();
    first.failure = DOWN;
    now += 60_000;
    const models = await gateway.listModels();
    expect(models.map(({ id }) => id)).not.toContain('a');
    await expect(gateway.resolve('a')).resolves.toBe(first);
  });

  it('is unavailable when no server answers, and asks again the next time', async () => {
    first.failure = second.failure = DOWN;
    await expect(gateway.resolve('a')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(gateway.listModels()).rejects.toMatchObject({ kind: 'unavailable' });
    first.failure = undefined;
    await expect(gateway.resolve('a')).resolves.toBe(first);
  });

  it('gives no aliases to a server with one model', async () => {
    const single = gatewayOver([new FakeServer('one', ['only'])], () => now);
    await expect(single.resolve('gpt-4o')).rejects.toMatchObject({
      kind: 'model_not_found',
      message: "The model 'gpt-4o' does not exist",
    });
  });

  it('prefers the configured default', async () => {
    const chosen = gatewayOver([first], () => now, { defaultModel: 'chosen' });
    await expect(chosen.defaultModel()).resolves.toBe('chosen');
    expect(first.asked).toBe(0);
    let choice: string | null = 'since';
    const changed = gatewayOver([first], () => now, {
      defaultModel: 'chosen',
      chosenModel: () => Promise.resolve(choice),
    });
    await expect(changed.defaultModel()).resolves.toBe('since');
    choice = null;
    await expect(changed.defaultModel()).resolves.toBe('chosen');
    first.models = [];
    const empty = gatewayOver([first], () => now);
    await expect(empty.defaultModel()).rejects.toMatchObject({ kind: 'model_not_found' });
  });
});

describe('createModelGateway', () => {
  const hosts = { ollama: 'http://o', vllm: 'http://v', llamacpp: undefined };

  it('chooses the backends', () => {
    expect(chooseBackends({ backend: 'auto', hosts })).toEqual(['vllm', 'ollama']);
    expect(chooseBackends({ backend: 'auto', hosts: {} })).toEqual([]);
    expect(chooseBackends({ backend: 'ollama', hosts })).toEqual(['ollama']);
    expect(chooseBackends({ backend: 'demo', hosts })).toEqual([]);
  });

  it('has the demo model where there is no server, and no byte path to it', async () => {
    const gateway = createModelGateway({ backend: 'auto', hosts: {}, timeoutMs: 1, maxRetries: 0 });
    await expect(gateway.listModels()).resolves.toEqual([{ id: 'threadmill-demo', created: 0, ownedBy: 'threadmill' }]);
    expect((await gateway.resolve('threadmill-demo')).forward).toBeUndefined();
    await expect(gateway.health()).resolves.toEqual([{ name: 'demo', health: { status: 'ok' } }]);
  });

  it('refuses a backend without a host', () => {
    expect(() => createModelGateway({ backend: 'vllm', hosts: {}, timeoutMs: 1, maxRetries: 0 })).toThrow(/vllm/);
  });
});

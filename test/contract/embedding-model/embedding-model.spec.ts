import { createModelGateway, type EmbeddingModel, type ModelGateway } from '@libs/llm';
import { ImitationModelServer, type ProfileName, type ScriptedTurn } from '../../fakes/model-server/index.js';
import { wordVector } from '../../fakes/model-server/word-vectors.js';
import { eventually } from '../../support/eventually.js';

const PATHS: Record<ProfileName, string> = { vllm: '/v1/embeddings', ollama: '/api/embed', llamacpp: '/v1/embeddings' };
const TEXTS = ['a quick brown fox', 'Größe 世界 🌍', 'a lazy dog'];

describe.each(Object.keys(PATHS) as ProfileName[])('EmbeddingModel contract: %s', (profile) => {
  const path = PATHS[profile];
  let server: ImitationModelServer;
  let gateway: ModelGateway;
  let embeddings: EmbeddingModel;

  beforeEach(async () => {
    server = await new ImitationModelServer({ profile }).start();
    gateway = createModelGateway({ backend: profile, hosts: { [profile]: server.url }, timeoutMs: 400, maxRetries: 2 });
    embeddings = await gateway.embeddings(server.model);
  });
  afterEach(async () => {
    await gateway.close();
    await server.stop();
  });

  const embed = (...turns: ScriptedTurn[]): ReturnType<EmbeddingModel['embed']> => {
    server.setScript(turns.map((turn) => ({ ...turn, path })));
    return embeddings.embed({ model: server.model, texts: TEXTS });
  };
  const asked = (): unknown[] => server.requests.filter((request) => request.path === path);

  it('gives a vector for each text, in order, and what it cost', async () => {
    const { vectors, promptTokens } = await embed();
    expect(vectors.map((vector) => [...vector])).toEqual(TEXTS.map(wordVector));
    expect(promptTokens).toBeGreaterThan(0);
  });

  it('tries again when the server is busy', async () => {
    const { vectors } = await embed({ error: { status: 503, headers: { 'retry-after': '0' } } });
    expect(vectors).toHaveLength(TEXTS.length);
    expect(asked()).toHaveLength(2);
  });

  it('tells a refusal in the words of the server, and does not repeat it', async () => {
    const refused = embed({ error: { status: 400, message: 'The input is too long.' } });
    await expect(refused).rejects.toMatchObject({ kind: 'rejected', message: 'The input is too long.' });
    expect(asked()).toHaveLength(1);
  });

  it('learns nothing from a refusal that quotes the words of a user', async () => {
    if (profile === 'ollama') return;
    const refusal = { error: { status: 400, message: 'Not a text: base64' } };
    await expect(embed(refusal, refusal)).rejects.toMatchObject({ kind: 'rejected' });
    await embed();
    const encodings = server.requests.flatMap(({ path: at, body }) =>
      at === path ? [(body as { encoding_format: string }).encoding_format] : [],
    );
    expect(encodings).toEqual(['base64', 'float', 'base64']);
  });

  it('names a model that the server does not have', async () => {
    if (profile === 'llamacpp') return;
    const unknown = embeddings.embed({ model: 'none', texts: ['x'] });
    await expect(unknown).rejects.toMatchObject({ kind: 'model_not_found' });
  });

  it('closes the connection at once on abort', async () => {
    server.setScript([{ path, delayMs: 3000 }]);
    const controller = new AbortController();
    const call = embeddings.embed({ model: server.model, texts: TEXTS }, { signal: controller.signal });
    const refused = expect(call).rejects.toMatchObject({ kind: 'aborted' });
    await eventually(() => expect(asked()).toHaveLength(1));
    controller.abort();
    await refused;
    await eventually(() => expect(server.requests.at(-1)?.closedEarly).toBe(true));
  });

  it('times out when nothing comes', async () => {
    await expect(embed({ delayMs: 3000 })).rejects.toMatchObject({ kind: 'timeout' });
  });
});

describe('the demo model', () => {
  it('makes no embeddings, and says so', async () => {
    const gateway = createModelGateway({ backend: 'demo', hosts: {}, timeoutMs: 1000, maxRetries: 0 });
    await expect(gateway.embeddings('threadmill-demo')).rejects.toMatchObject({ kind: 'rejected' });
    await expect(gateway.embeddings('none')).rejects.toMatchObject({ kind: 'model_not_found' });
  });
});

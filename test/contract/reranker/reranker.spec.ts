import { createModelGateway, type ModelGateway, type Reranker } from '@libs/llm';
import { ImitationModelServer, type ProfileName } from '../../fakes/model-server/index.js';
import { eventually } from '../../support/eventually.js';

const DOCUMENTS = ['nothing at all', 'the capital of France is Paris', 'France'];
const PATH = '/v1/rerank';

describe.each<ProfileName>(['vllm', 'llamacpp'])('Reranker contract: %s', (profile) => {
  let server: ImitationModelServer;
  let gateway: ModelGateway;
  let reranker: Reranker;

  beforeEach(async () => {
    server = await new ImitationModelServer({ profile }).start();
    gateway = createModelGateway({ backend: profile, hosts: { [profile]: server.url }, timeoutMs: 400, maxRetries: 1 });
    reranker = await gateway.reranker(server.model);
  });
  afterEach(async () => {
    await gateway.close();
    await server.stop();
  });

  const rank = (documents = DOCUMENTS, signal?: AbortSignal): Promise<number[]> =>
    reranker.rerank({ model: server.model, query: 'capital of France', documents }, signal && { signal });

  it("gives a score for each document, in the documents' order", async () => {
    const scores = await rank();
    expect(scores).toHaveLength(DOCUMENTS.length);
    expect(scores.indexOf(Math.max(...scores))).toBe(1);
    expect(scores[0]).toBeLessThan(scores[2] ?? 0);
  });

  it('asks nobody about no documents', async () => {
    const before = server.requests.length;
    await expect(rank([])).resolves.toEqual([]);
    expect(server.requests).toHaveLength(before);
  });

  it('tells what went wrong', async () => {
    server.setScript([{ path: PATH, error: { status: 400, message: 'This model does not rank.' } }]);
    await expect(rank()).rejects.toMatchObject({ kind: 'rejected', message: 'This model does not rank.' });
  });

  it('closes the connection at once on abort', async () => {
    server.setScript([{ path: PATH, delayMs: 3000 }]);
    const controller = new AbortController();
    const refused = expect(rank(DOCUMENTS, controller.signal)).rejects.toMatchObject({ kind: 'aborted' });
    await eventually(() => expect(server.requests.at(-1)?.path).toBe(PATH));
    controller.abort();
    await refused;
    await eventually(() => expect(server.requests.at(-1)?.closedEarly).toBe(true));
  });
});

it('a server that has no reranking says so', async () => {
  const server = await new ImitationModelServer({ profile: 'ollama' }).start();
  const gateway = createModelGateway({
    backend: 'ollama',
    hosts: { ollama: server.url },
    timeoutMs: 400,
    maxRetries: 0,
  });
  await expect(gateway.reranker(server.model)).rejects.toMatchObject({
    kind: 'rejected',
    message: `The model server of '${server.model}' does not rank documents.`,
  });
  await gateway.close();
  await server.stop();
});

import { toFile, type OpenAI } from 'openai';
import { ImitationModelServer } from '../fakes/model-server/index.js';
import { eventually } from '../support/eventually.js';
import { describeWith } from '../support/requirements.js';
import { startServer, type ServerOptions, type TestServer } from '../support/server.js';
import { findIndexBreaches, filesBeingIngested } from './support/index-breaches.js';
import { collect } from './support/stream-events.js';

const FILES = 40;
const PARAGRAPHS = 60;
const PATIENCE_MS = 90_000;

describe('a server that dies while it ingests and embeds (embedded)', () =>
  describeCrash({}, new ImitationModelServer({ profile: 'vllm' })));

/** One file at a time in each worker: more than one at once are then the work of both. */
const TWO_WORKERS: ServerOptions = { engine: 'postgres+redis', workers: 2, env: { INGESTION_CONCURRENCY: '1' } };

describeWith('postgres', 'two workers that ingest at once, and die', () => {
  describeWith('redis', 'on Postgres and Redis', () => describeCrash(TWO_WORKERS));
});

/** Every paragraph with a word of its own, so that each of them can be asked for. */
function textOf(file: number): string {
  const paragraph = (index: number): string =>
    `Paragraph ${index} of document ${file} has the word ${wordOf(file, index)} in it. ${'Nothing else is told here. '.repeat(8).trimEnd()}`;
  return Array.from({ length: PARAGRAPHS }, (_, index) => paragraph(index)).join('\n\n');
}

function wordOf(file: number, paragraph: number): string {
  return `unique${file}x${paragraph}`;
}

/** @param models embeds what is ingested, where there is one */
function describeCrash(options: ServerOptions, models?: ImitationModelServer): void {
  let server: TestServer;
  let client: OpenAI;
  let fileIds: string[];
  beforeAll(async () => {
    await models?.start();
    const embedding = models && { VLLM_HOST: models.url, EMBEDDING_MODEL: models.model };
    const env = { INGESTION_LEASE_SECONDS: '3', LOG_LEVEL: 'warn', ...embedding, ...options.env };
    server = await startServer({ ...options, env });
    client = server.openaiFor(await server.signUp('reader'));
    fileIds = await Promise.all(
      Array.from({ length: FILES }, async (_, index) => {
        const file = await toFile(Buffer.from(textOf(index)), `${index}.txt`);
        return (await client.files.create({ file, purpose: 'assistants' })).id;
      }),
    );
  });
  afterAll(async () => {
    await server?.stop();
    await models?.stop();
  });

  it('serves runs while files wait, and does without them at once when they are cancelled', async () => {
    const store = await client.vectorStores.create({});
    const batch = await client.vectorStores.fileBatches.create(store.id, { file_ids: fileIds });
    const assistant = await client.beta.assistants.create({ model: models?.model ?? 'threadmill-demo' });
    const thread = { messages: [{ role: 'user' as const, content: 'hello' }] };
    const run = await client.beta.threads.createAndRunPoll(
      { assistant_id: assistant.id, thread },
      { pollIntervalMs: 100 },
    );
    expect(run.status).toBe('completed');
    const { file_counts: counts } = await client.vectorStores.fileBatches.cancel(batch.id, {
      vector_store_id: store.id,
    });
    expect(counts).toMatchObject({ in_progress: 0, failed: 0, total: FILES });
    // The run did not wait for the files.
    expect(counts.cancelled).toBeGreaterThan(0);
    await client.vectorStores.delete(store.id);
  });

  /** The last death is that of one worker, where there are two: the other one takes up what it leaves. */
  async function die(isLast: boolean): Promise<void> {
    const [worker] = server.workerIds;
    if (isLast && worker !== undefined) {
      process.kill(worker, 'SIGKILL');
      return;
    }
    await server.kill('SIGKILL');
    await server.restart();
  }

  it('has every file once, whole, after kill -9 in the middle of them', async () => {
    const store = await client.vectorStores.create({});
    const batch = await client.vectorStores.fileBatches.create(store.id, { file_ids: fileIds });
    const counts = async (): Promise<OpenAI.VectorStores.VectorStoreFileBatch.FileCounts> =>
      (await client.vectorStores.fileBatches.retrieve(batch.id, { vector_store_id: store.id })).file_counts;
    if (server.workerIds.length > 1) {
      await eventually(async () => expect(await filesBeingIngested(server)).toBe(server.workerIds.length));
    }
    for (const least of [3, 12]) {
      await eventually(async () => expect((await counts()).completed).toBeGreaterThanOrEqual(least));
      const before = (await counts()).completed;
      expect(before).toBeLessThan(FILES);
      await die(least === 12);
      expect((await counts()).completed).toBeGreaterThanOrEqual(before);
    }
    const deadline = Date.now() + PATIENCE_MS;
    while ((await counts()).in_progress > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    expect(await counts()).toEqual({ completed: FILES, failed: 0, cancelled: 0, in_progress: 0, total: FILES });
    const listed = await collect(client.vectorStores.files.list(store.id, { limit: 100 }));
    expect(listed.map(({ id }) => id).sort()).toEqual([...fileIds].sort());
    for (const [index, fileId] of fileIds.entries()) {
      const content = await collect(client.vectorStores.files.content(fileId, { vector_store_id: store.id }));
      expect(content.map(({ text }) => text).join('')).toBe(textOf(index));
    }
    for (const [file, paragraph] of [
      [0, 0],
      [7, 31],
      [FILES - 1, PARAGRAPHS - 1],
    ] as const) {
      const { data } = await client.vectorStores.search(store.id, {
        query: wordOf(file, paragraph),
        max_num_results: 50,
      });
      const texts = data.map(({ content }) => content[0]?.text ?? '');
      expect(texts.filter((text) => text.includes(wordOf(file, paragraph)))).not.toEqual([]);
      expect(new Set(texts).size).toBe(texts.length);
    }
    // Whoever died has left chunks of no file: they go once its lease has run out.
    await eventually(async () => expect(await findIndexBreaches(server, FILES, models !== undefined)).toEqual([]));
  }, 300_000);
}

import { Readable } from 'node:stream';
import { OpenAI } from 'openai';
import { FilesService, type NewFile } from '../../../src/modules/files/index.js';
import { KnowledgeApp } from './support/knowledge-app.js';

/** The most that a batch takes. */
const MOST = 2000;
const AT_ONCE = 20;
const MANY_BYTES = 1024;

describe('a batch of as many files as there may be', () => {
  let place: KnowledgeApp;
  let fileIds: string[];
  beforeAll(async () => {
    place = await KnowledgeApp.start();
    fileIds = await storeFiles(place, MOST);
  });
  afterAll(() => place?.close());

  it('is taken whole, and brought to its end', async () => {
    const client = new OpenAI({ apiKey: place.token, baseURL: `${place.testing.url}/v1`, maxRetries: 0 });
    const storeId = await place.makeStore();
    const batch = await client.vectorStores.fileBatches.createAndPoll(storeId, { file_ids: fileIds });
    const file_counts = { in_progress: 0, completed: MOST, failed: 0, cancelled: 0, total: MOST };
    expect(batch).toMatchObject({ status: 'completed', file_counts });
    expect(await place.store(storeId)).toMatchObject({ status: 'completed', file_counts });
    expect(new Set(place.chunkSets(storeId)).size).toBe(MOST);
  }, 120_000);

  it('takes no file more, and nothing of what is too much', async () => {
    const storeId = await place.makeStore();
    const path = `/vector_stores/${storeId}/file_batches`;
    const fileId = fileIds[0] ?? '';
    for (const [param, each] of [
      ['file_ids', fileId],
      ['files', { file_id: fileId }],
    ] as const) {
      const answer = await place.call('post', path, { [param]: Array.from({ length: MOST + 1 }, () => each) });
      const message = `Invalid '${param}': array too long. Expected an array with maximum length 2000, but got an array with length 2001 instead.`;
      const error = { message, type: 'invalid_request_error', param, code: 'array_above_max_length' };
      expect(answer).toEqual({ status: 400, body: { error } });
    }
    expect(await place.store(storeId)).toMatchObject({ file_counts: { total: 0 } });
  });
});

/** Of one user, without a request each. */
async function storeFiles(place: KnowledgeApp, count: number): Promise<string[]> {
  const files = place.testing.app.get(FilesService, { strict: false });
  const storeId = await place.makeStore();
  const [owner] = await place.query('SELECT project_id AS id FROM vector_stores WHERE id = $1', [storeId]);
  const scope = { projectId: String(owner?.['id']) };
  const ids: string[] = [];
  while (ids.length < count) {
    const some = Array.from({ length: AT_ONCE }, (_, index) => aFile(ids.length + index));
    const stored = await Promise.all(some.map((file) => files.createFromStream(scope, file)));
    ids.push(...stored.map(({ id }) => id));
  }
  return ids;
}

function aFile(number: number): NewFile {
  const content = Readable.from([`text ${number}`]);
  return { content, filename: `${number}.txt`, purpose: 'assistants', limitBytes: MANY_BYTES };
}

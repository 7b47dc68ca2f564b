import type { IncomingMessage } from 'node:http';
import type { FileFormsService, FilesService } from '../../files/index.js';
import type { StoreFileRecord, StoreFilesService, VectorStoresService } from '../../vector-stores/index.js';
import type { CollectionsService } from './collections.service.js';
import { DocumentsService } from './documents.service.js';

const SCOPE = { projectId: 'proj_1' };
const { signal } = new AbortController();
const REQUEST = {} as IncomingMessage;

describe('an upload whose ingestion', () => {
  let deleted: string[];
  let document: Partial<StoreFileRecord>;
  let refusal: Error | null;
  let service: DocumentsService;

  beforeEach(() => {
    deleted = [];
    refusal = null;
    service = new DocumentsService(
      {} as CollectionsService,
      {
        receiveAll: () =>
          Promise.resolve({ fields: { collection: { id: 'vs_1' } }, files: [{ id: 'file-1', filename: 'a.txt' }] }),
      } as unknown as FileFormsService,
      {
        delete: (_: unknown, id: string) => {
          deleted.push(id);
          return Promise.resolve();
        },
      } as unknown as FilesService,
      {
        addFile: () => (refusal ? Promise.reject(refusal) : Promise.resolve()),
        waitForFile: () => Promise.resolve(document),
      } as unknown as VectorStoresService,
      {
        chunkCounts: () => Promise.resolve(new Map([['vs_1', new Map([['file-0', 3]])]])),
      } as unknown as StoreFilesService,
    );
  });

  test('takes longer than anybody waits is on its way', async () => {
    document = { status: 'in_progress' };
    const uploaded = await service.upload(SCOPE, REQUEST, signal);
    expect(uploaded).toEqual({ id: 'file-1', name: 'a.txt', isThere: false, chunks: 0, totalChunks: 3 });
    expect(deleted).toEqual([]);
  });

  test.each<[string, Partial<StoreFileRecord>, number, string]>([
    ['fails by the document', { lastError: { code: 'invalid_file', message: 'It is empty.' } }, 422, 'It is empty.'],
    ['fails by the server', { lastError: { code: 'server_error', message: 'No room.' } }, 500, 'No room.'],
    ['is cancelled', { status: 'cancelled', lastError: null }, 409, 'taken out of the collection'],
  ])('%s leaves no file', async (_, ended, status, words) => {
    document = { status: 'failed', ...ended };
    const uploading = service.upload(SCOPE, REQUEST, signal);
    await expect(uploading).rejects.toMatchObject({ status, detail: expect.stringContaining(words) as unknown });
    expect(deleted).toEqual(['file-1']);
  });

  test('cannot begin leaves no file', async () => {
    refusal = new Error('The store is gone.');
    await expect(service.upload(SCOPE, REQUEST, signal)).rejects.toBe(refusal);
    expect(deleted).toEqual(['file-1']);
  });
});

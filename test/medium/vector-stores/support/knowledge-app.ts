import { Global, Inject, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database } from '../../../../src/database/database.js';
import { InProcessJobQueue } from '../../../../src/jobs/in-process-job-queue.js';
import { JobQueue } from '../../../../src/jobs/job-queue.js';
import { CHUNK_INDEX } from '../../../../src/modules/vector-stores/chunk-index/chunk-index.token.js';
import { TEXT_EMBEDDER } from '../../../../src/modules/vector-stores/chunk-index/text-embedder.js';
import { QUERY_EXPANDER } from '../../../../src/modules/vector-stores/query-model/query-expander.js';
import { DOCUMENT_SUMMARISER } from '../../../../src/modules/vector-stores/summaries/document-summariser.js';
import { VectorStoresModule } from '../../../../src/modules/vector-stores/index.js';
import { CHUNK_DOCUMENT, DOCUMENT_PARSER, TEXT_RECOGNISER } from '../../../../src/providers/documents.module.js';
import { FirstLineSummariser } from '../../../fakes/first-line-summariser.js';
import { LengthEmbedder } from '../../../fakes/length-embedder.js';
import { MemoryChunkIndex } from '../../../fakes/memory-chunk-index.js';
import { chunkByLines, PlainDocumentParser } from '../../../fakes/plain-documents.js';
import { WordExpander } from '../../../fakes/word-expander.js';
import { eventually } from '../../../support/eventually.js';
import { startTestingApp, type TestingApp, type TestingAppOptions } from '../../../support/testing-app.js';

/** What a server of vector stores needs besides an index: parsers and chunking are imitated. */
@Global()
@Module({
  providers: [
    { provide: JobQueue, useClass: InProcessJobQueue },
    { provide: DOCUMENT_PARSER, useClass: PlainDocumentParser },
    { provide: TEXT_RECOGNISER, useValue: null },
    { provide: CHUNK_DOCUMENT, useValue: chunkByLines },
  ],
  exports: [JobQueue, DOCUMENT_PARSER, TEXT_RECOGNISER, CHUNK_DOCUMENT],
})
export class PlainSurroundingsModule implements BeforeApplicationShutdown {
  constructor(@Inject(JobQueue) private readonly queue: JobQueue) {}

  beforeApplicationShutdown(): Promise<void> {
    return this.queue.close(1000);
  }
}

/** An imitated index, and imitated models. */
@Global()
@Module({
  providers: [
    { provide: CHUNK_INDEX, useClass: MemoryChunkIndex },
    { provide: TEXT_EMBEDDER, useClass: LengthEmbedder },
    { provide: QUERY_EXPANDER, useClass: WordExpander },
    { provide: DOCUMENT_SUMMARISER, useClass: FirstLineSummariser },
  ],
  exports: [CHUNK_INDEX, TEXT_EMBEDDER, QUERY_EXPANDER, DOCUMENT_SUMMARISER],
})
class ImitatedIndexModule {}

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  body: Body;
}

export interface WireFile {
  id: string;
  status: string;
  progress: number;
  usage_bytes: number;
  last_error: { code: string; message: string } | null;
  attributes: Record<string, unknown>;
  summary: string | null;
  summary_status: string | null;
}

export interface WireBatch {
  id: string;
  status: string;
  progress: number;
  file_counts: Record<string, number>;
}

export interface WireStore {
  id: string;
  status: string;
  usage_bytes: number;
  progress: number;
  file_counts: Record<string, number>;
  expires_at: number | null;
  last_active_at: number;
}

/** A server of vector stores whose parser and index are imitated, and one user of it. */
export class KnowledgeApp {
  readonly index: MemoryChunkIndex;
  readonly parser: PlainDocumentParser;
  readonly embedder: LengthEmbedder;
  readonly summariser: FirstLineSummariser;

  private constructor(
    readonly testing: TestingApp,
    readonly token: string,
  ) {
    this.index = testing.app.get<MemoryChunkIndex>(CHUNK_INDEX, { strict: false });
    this.embedder = testing.app.get<LengthEmbedder>(TEXT_EMBEDDER, { strict: false });
    this.summariser = testing.app.get<FirstLineSummariser>(DOCUMENT_SUMMARISER, { strict: false });
    this.parser = testing.app.get<PlainDocumentParser>(DOCUMENT_PARSER, { strict: false });
  }

  static async start(options: TestingAppOptions = {}): Promise<KnowledgeApp> {
    const environment = { INGESTION_LEASE_SECONDS: '2', ...options.environment };
    const testing = await startTestingApp({
      modules: [PlainSurroundingsModule, ImitatedIndexModule, VectorStoresModule],
      ...options,
      environment,
    });
    return new KnowledgeApp(testing, await testing.signUp('alice'));
  }

  async call<Body = Record<string, unknown>>(
    method: 'get' | 'post' | 'delete',
    path: string,
    body?: object,
    token = this.token,
  ): Promise<Answer<Body>> {
    const request = this.testing.request[method](`/v1${path}`).set('authorization', `Bearer ${token}`);
    const { status, body: answered } = await (body === undefined ? request : request.send(body));
    return { status, body: answered as Body };
  }

  async upload(content: string, name = 'a.txt', token = this.token): Promise<string> {
    const answer = await this.testing.request
      .post('/v1/files')
      .set('authorization', `Bearer ${token}`)
      .field('purpose', 'assistants')
      .attach('file', Buffer.from(content), name);
    return (answer.body as { id: string }).id;
  }

  uploadMany(count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => this.upload(`text ${index}\nmore`, `${index}.txt`)));
  }

  async makeBatch(storeId: string, body: object): Promise<WireBatch> {
    return (await this.call<WireBatch>('post', `/vector_stores/${storeId}/file_batches`, body)).body;
  }

  async batch(storeId: string, id: string): Promise<WireBatch> {
    return (await this.call<WireBatch>('get', `/vector_stores/${storeId}/file_batches/${id}`)).body;
  }

  async makeStore(body: object = {}, token = this.token): Promise<string> {
    return (await this.call<WireStore>('post', '/vector_stores', body, token)).body.id;
  }

  async addFile(storeId: string, fileId: string, more: object = {}): Promise<Answer<WireFile>> {
    return this.call<WireFile>('post', `/vector_stores/${storeId}/files`, { file_id: fileId, ...more });
  }

  async file(storeId: string, fileId: string): Promise<WireFile> {
    return (await this.call<WireFile>('get', `/vector_stores/${storeId}/files/${fileId}`)).body;
  }

  async store(storeId: string): Promise<WireStore> {
    return (await this.call<WireStore>('get', `/vector_stores/${storeId}`)).body;
  }

  /** Waits until nothing of the store is under way. */
  async settled(storeId: string): Promise<WireStore> {
    let store = await this.store(storeId);
    await eventually(async () => {
      store = await this.store(storeId);
      expect(store.file_counts['in_progress']).toBe(0);
    });
    return store;
  }

  async search(storeId: string, query: string, more: object = {}): Promise<string[]> {
    const { body } = await this.call<{ data: { content: { text: string }[] }[] }>(
      'post',
      `/vector_stores/${storeId}/search`,
      { query, ...more },
    );
    return body.data.flatMap(({ content }) => content.map(({ text }) => text));
  }

  query(statement: string, parameters: unknown[] = []): Promise<Record<string, unknown>[]> {
    return this.testing.app.get(Database).manager.query(statement, parameters);
  }

  /** Ids of the files, in all stores, of which the index has chunks. */
  chunkSets(storeId?: string): string[] {
    const kept = [...this.index.kept.values()];
    return kept
      .filter(({ vectorStoreId }) => storeId === undefined || vectorStoreId === storeId)
      .map((file) => file.fileId);
  }

  close(): Promise<void> {
    return this.testing.close();
  }
}

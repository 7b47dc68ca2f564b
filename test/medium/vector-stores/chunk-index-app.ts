import type { Type } from '@nestjs/common';
import type { Chunk, ChunkIndex, IndexScope } from '@libs/retrieval';
import { Database } from '../../../src/database/database.js';
import { ChunkIndexModule } from '../../../src/modules/vector-stores/chunk-index/chunk-index.module.js';
import { CHUNK_INDEX } from '../../../src/modules/vector-stores/chunk-index/chunk-index.token.js';
import { ModelsModule } from '../../../src/providers/models.module.js';
import { startTestingApp, type TestingAppOptions } from '../../support/testing-app.js';

export interface IndexApp {
  index: ChunkIndex;
  get<Service>(service: Type<Service>): Service;
  query<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** A fresh project. */
  project(): Promise<IndexScope>;
  close(): Promise<void>;
}

/** The index of chunks on a fresh database, and nothing above it. `modules` replace the model servers. */
export async function startIndexApp(options: TestingAppOptions = {}): Promise<IndexApp> {
  const modules = [ChunkIndexModule, ...(options.modules ?? [ModelsModule])];
  const testing = await startTestingApp({ ...options, modules });
  const { manager } = testing.app.get(Database);
  let projects = 0;
  return {
    index: testing.app.get<ChunkIndex>(CHUNK_INDEX, { strict: false }),
    get: (service) => testing.app.get(service, { strict: false }),
    query: (sql, values) => manager.query(sql, values),
    project: async () => {
      const projectId = `proj_${(projects += 1)}`;
      await manager.query(`INSERT INTO projects (id, name, is_personal) VALUES ($1, $1, false)`, [projectId]);
      return { projectId };
    },
    close: () => testing.close(),
  };
}

/** Chunks of a document that has them one after the other. */
export function chunksOf(texts: readonly string[], headings: readonly string[] = []): Chunk[] {
  let start = 0;
  return texts.map((text, index) => {
    const chunk = {
      index,
      text,
      start,
      end: start + text.length,
      tokens: text.split(' ').length,
      page: null,
      headings,
    };
    start = chunk.end;
    return chunk;
  });
}

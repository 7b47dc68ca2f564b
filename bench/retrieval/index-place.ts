import { Global, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '../../config/index.js';
import type { EntityManager } from 'typeorm';
import type { EmbeddingModel } from '@libs/llm';
import { termsOf, type ChunkIndex } from '@libs/retrieval';
import { ConfigModule } from '../../src/common/config.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { Database } from '../../src/database/database.js';
import { AuthModule } from '../../src/modules/auth/index.js';
import { SecretsModule } from '../../src/common/secrets/index.js';
import { CHUNK_INDEX, ChunkIndexModule } from '../../src/modules/vector-stores/index.js';
import { MODEL_GATEWAY } from '../../src/providers/models.module.js';

const DIMENSIONS = 384;

/** A deterministic embedding: each term adds to one dimension. It knows words and no meaning. */
const hashingModel: EmbeddingModel = {
  async embed({ texts }) {
    return { vectors: texts.map(vectorOf), promptTokens: 0 };
  },
};

function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  for (const term of termsOf(text)) {
    let hash = 0;
    for (let at = 0; at < term.length; at += 1) hash = (Math.imul(hash, 31) + term.charCodeAt(at)) >>> 0;
    vector[hash % DIMENSIONS] = (vector[hash % DIMENSIONS] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

@Global()
@Module({
  providers: [{ provide: MODEL_GATEWAY, useValue: { embeddings: async () => hashingModel } }],
  exports: [MODEL_GATEWAY],
})
class HashingModelsModule {}

@Module({})
class BenchmarkModule {}

export interface IndexPlace {
  index: ChunkIndex;
  addProject(projectId: string): Promise<void>;
  /** Makes further stores with the same chunks, row by row in the database: a fiftieth of the time of indexing them. */
  copyStore(projectId: string, store: string, copies: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The index of chunks on an embedded database of its own, without a server above it. */
export async function openIndex(dataDir: string, withVectors: boolean): Promise<IndexPlace> {
  const config = loadConfig({ DATA_DIR: dataDir, ...(withVectors ? { EMBEDDING_MODEL: 'hashing' } : {}) });
  const imports = [
    ConfigModule.forRoot(config),
    SecretsModule,
    DatabaseModule,
    AuthModule,
    HashingModelsModule,
    ChunkIndexModule,
  ];
  const app: INestApplicationContext = await NestFactory.createApplicationContext(
    { module: BenchmarkModule, imports },
    { logger: ['error', 'fatal'] },
  );
  const { manager } = app.get(Database, { strict: false });
  return {
    index: app.get<ChunkIndex>(CHUNK_INDEX, { strict: false }),
    addProject: async (projectId) => {
      await manager.query(`INSERT INTO projects (id, name, is_personal) VALUES ($1, $1, false)`, [projectId]);
    },
    copyStore: (projectId, store, copies) => copyStore(manager, projectId, store, copies),
    close: () => app.close(),
  };
}

/** What each row of a store bears besides the number of its store. */
const COLUMNS_OF_TABLES = {
  index_files: 'first_chunk, chunks, file_id, filename, attributes, state',
  index_chunks: 'number, first_chunk, text, start_offset, tokens, page, headings, sketch',
  index_postings: 'term, piece, fresh, data',
};

interface Numbered {
  number: number;
}

async function copyStore(
  manager: EntityManager,
  projectId: string,
  store: string,
  copies: readonly string[],
): Promise<void> {
  const numberOf = 'SELECT number FROM index_stores WHERE project_id = $1 AND vector_store_id = $2';
  const [{ number: from }] = await manager.query<[Numbered]>(numberOf, [projectId, store]);
  for (const copy of copies) {
    const [{ number: to }] = await manager.query<[Numbered]>(
      `INSERT INTO index_stores (project_id, vector_store_id, size, chunks, fresh_pieces)
       SELECT project_id, $2, size, chunks, fresh_pieces FROM index_stores WHERE number = $1 RETURNING number`,
      [from, copy],
    );
    for (const [table, columns] of Object.entries(COLUMNS_OF_TABLES)) {
      await manager.query(
        `INSERT INTO ${table} (store, ${columns}) SELECT $2::integer, ${columns} FROM ${table} WHERE store = $1`,
        [from, to],
      );
    }
  }
}

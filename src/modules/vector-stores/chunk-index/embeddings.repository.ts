import { Injectable } from '@nestjs/common';
import type { IndexScope } from '@libs/retrieval';
import { Database } from '../../../database/database.js';

export interface KnownVector {
  /** SHA-256 of the text. */
  hash: Buffer;
  vector: Float32Array;
}

/** Vectors of texts that were embedded once, by project and model. */
@Injectable()
export class EmbeddingsRepository {
  constructor(private readonly database: Database) {}

  /** By the hash in hexadecimal. */
  async find(scope: IndexScope, model: string, hashes: readonly Buffer[]): Promise<Map<string, Float32Array>> {
    const rows = await this.database.manager.query<{ hash: Buffer; vector: Buffer }[]>(
      `SELECT hash, vector FROM embeddings WHERE project_id = $1 AND model = $2 AND hash = ANY($3)`,
      [scope.projectId, model, hashes],
    );
    return new Map(rows.map(({ hash, vector }) => [hash.toString('hex'), vectorOf(vector)]));
  }

  async insert(scope: IndexScope, model: string, known: readonly KnownVector[]): Promise<void> {
    await this.database.manager.query(
      `INSERT INTO embeddings (project_id, model, hash, vector)
       SELECT $1, $2, hash, vector FROM unnest($3::bytea[], $4::bytea[]) AS new(hash, vector)
       ON CONFLICT (project_id, model, hash) DO UPDATE SET vector = excluded.vector, created_at = excluded.created_at`,
      [scope.projectId, model, known.map(({ hash }) => hash), known.map(({ vector }) => bytesOf(vector))],
    );
  }

  /** Forgets what was embedded before the time; who embeds such a text again pays for it again. */
  async removeBefore(time: Date): Promise<void> {
    await this.database.manager.query(`DELETE FROM embeddings WHERE created_at < $1`, [time]);
  }
}

function bytesOf(vector: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(vector.length * Float32Array.BYTES_PER_ELEMENT);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * Float32Array.BYTES_PER_ELEMENT));
  return bytes;
}

function vectorOf(bytes: Buffer): Float32Array {
  const length = bytes.length / Float32Array.BYTES_PER_ELEMENT;
  return Float32Array.from({ length }, (_, index) => bytes.readFloatLE(index * Float32Array.BYTES_PER_ELEMENT));
}

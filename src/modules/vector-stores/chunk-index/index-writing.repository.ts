import { Injectable } from '@nestjs/common';
import { encodeSketch, type Chunk, type Sketch, type TermPostings } from '@libs/retrieval';
import { Database } from '../../../database/database.js';
import type { FileStretch } from './index-files.repository.js';

export interface NumberedChunk {
  number: number;
  chunk: Chunk;
  sketch: Sketch;
}

/** Rows of one statement; a larger one would keep others waiting on the embedded database's one connection. */
const POSTINGS_AT_ONCE = 4000;

/** Writes chunks and their postings, a batch at a time. */
@Injectable()
export class IndexWritingRepository {
  constructor(private readonly database: Database) {}

  /** @returns bytes of the rows' contents */
  async insertChunks({ store, firstChunk }: FileStretch, chunks: readonly NumberedChunk[]): Promise<number> {
    const sketches = chunks.map(({ sketch }) => encodeSketch(sketch));
    await this.database.manager.query(
      `INSERT INTO index_chunks (store, first_chunk, number, text, start_offset, tokens, page, headings, sketch)
       SELECT $1, $2, number, text, start_offset, tokens, page, headings::jsonb, sketch
       FROM unnest($3::int[], $4::text[], $5::int[], $6::int[], $7::int[], $8::text[], $9::bytea[])
         AS new(number, text, start_offset, tokens, page, headings, sketch)`,
      [
        ...[store, firstChunk],
        chunks.map(({ number }) => number),
        chunks.map(({ chunk }) => chunk.text),
        chunks.map(({ chunk }) => chunk.start),
        chunks.map(({ chunk }) => chunk.tokens),
        chunks.map(({ chunk }) => chunk.page),
        chunks.map(({ chunk }) => JSON.stringify(chunk.headings)),
        sketches,
      ],
    );
    const texts = chunks.reduce((sum, { chunk }) => sum + Buffer.byteLength(chunk.text), 0);
    return sketches.reduce((sum, sketch) => sum + sketch.length, texts);
  }

  /** @param piece the number of the first chunk that they are of; a store has one piece of a term for it */
  async insertPostings(store: number, piece: number, postings: readonly TermPostings[]): Promise<number> {
    for (let start = 0; start < postings.length; start += POSTINGS_AT_ONCE) {
      const slice = postings.slice(start, start + POSTINGS_AT_ONCE);
      await this.database.manager.query(
        `INSERT INTO index_postings (store, term, piece, fresh, data)
         SELECT $1, term, $2, true, data FROM unnest($3::text[], $4::bytea[]) AS new(term, data)`,
        [store, piece, slice.map(({ term }) => term), slice.map(({ data }) => data)],
      );
    }
    return postings.reduce((sum, { term, data }) => sum + term.length + data.length, 0);
  }
}

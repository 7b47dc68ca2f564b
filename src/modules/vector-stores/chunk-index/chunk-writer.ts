import { Injectable } from '@nestjs/common';
import {
  PostingsBuilder,
  type Chunk,
  type ChunkIndex,
  type IndexedFile,
  type IndexScope,
  type TermPostings,
} from '@libs/retrieval';
import { Database } from '../../../database/database.js';
import { IndexFilesRepository, type FileStretch } from './index-files.repository.js';
import { IndexUpkeep } from './index-upkeep.js';
import { VectorFiller } from './vector-filler.js';
import { IndexWritingRepository, type NumberedChunk } from './index-writing.repository.js';

type WriteOptions = NonNullable<Parameters<ChunkIndex['replaceFile']>[3]>;

/** About a megabyte of a document at the default chunking: large enough to share postings, small enough to delay nobody. */
const CHUNKS_AT_ONCE = 512;
/** Chunks between which other work gets its turn. */
const CHUNKS_WITHOUT_PAUSE = 16;

const LOST = 'The file was removed, or written anew, while its chunks were written.';

/** Writes a file's chunks unseen, then shows them all at once. */
@Injectable()
export class ChunkWriter {
  constructor(
    private readonly database: Database,
    private readonly files: IndexFilesRepository,
    private readonly rows: IndexWritingRepository,
    private readonly upkeep: IndexUpkeep,
    private readonly filler: VectorFiller,
  ) {}

  /** @returns bytes that the file takes in the index */
  async write(scope: IndexScope, file: IndexedFile, chunks: readonly Chunk[], options: WriteOptions): Promise<number> {
    const stretch = await this.files.begin(scope, file, chunks.length);
    try {
      const bytes = await this.writeAll(stretch, file, chunks, options);
      if (!(await this.files.show(stretch, Math.ceil(chunks.length / CHUNKS_AT_ONCE)))) throw new Error(LOST);
      await this.upkeep.afterWriting(stretch.store);
      await this.filler.afterWriting(stretch, options.signal);
      return bytes;
    } catch (error) {
      await this.files.abandon(stretch);
      await this.upkeep.afterRemoval(stretch.store);
      throw error;
    }
  }

  /** The next batch is read while the database writes the one before: they are two processes. */
  private async writeAll(
    stretch: FileStretch,
    file: IndexedFile,
    chunks: readonly Chunk[],
    { signal, onProgress }: WriteOptions,
  ): Promise<number> {
    let bytes = 0;
    let writing = Promise.resolve();
    try {
      for (let start = 0; start < chunks.length; start += CHUNKS_AT_ONCE) {
        signal?.throwIfAborted();
        const batch = await readBatch(stretch.firstChunk + start, file, chunks.slice(start, start + CHUNKS_AT_ONCE));
        await writing;
        writing = this.writeBatch(stretch, batch).then((written) => {
          bytes += written;
          onProgress?.(start + batch.chunks.length, chunks.length);
        });
        // It is told where it is awaited.
        writing.catch(() => undefined);
      }
    } finally {
      // Nobody may take the file's chunks away while some are still on their way.
      await writing;
    }
    return bytes;
  }

  private writeBatch(stretch: FileStretch, { first, chunks, postings }: ReadBatch): Promise<number> {
    return this.database.transaction(async () => {
      if (!(await this.files.holdWriting(stretch))) throw new Error(LOST);
      const bytes = await this.rows.insertChunks(stretch, chunks);
      return bytes + (await this.rows.insertPostings(stretch.store, first, postings));
    });
  }
}

/** A batch as it is written. */
interface ReadBatch {
  /** The number of its first chunk. */
  first: number;
  chunks: NumberedChunk[];
  postings: TermPostings[];
}

async function readBatch(first: number, file: IndexedFile, chunks: readonly Chunk[]): Promise<ReadBatch> {
  const postings = new PostingsBuilder(first);
  const numbered: NumberedChunk[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const number = first + index;
    const sketch = postings.add(number, chunk.text, [file.filename, ...chunk.headings]);
    numbered.push({ number, chunk, sketch });
    if (index % CHUNKS_WITHOUT_PAUSE === CHUNKS_WITHOUT_PAUSE - 1) await new Promise(setImmediate);
  }
  return { first, chunks: numbered, postings: postings.build() };
}

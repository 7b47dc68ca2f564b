import { Injectable } from '@nestjs/common';
import { IndexFilesRepository } from './index-files.repository.js';
import { IndexVacuum } from './index-vacuum.js';
import { IndexVectorsRepository } from './index-vectors.repository.js';
import { IndexUpkeepRepository } from './index-upkeep.repository.js';

/** Share of a store's chunks that may be gone before its postings are cleaned of them; and the fewest worth it. */
const CLEANING_SHARE = 0.1;
const CLEANING_CHUNKS = 200;

/** So many pieces of a term a search reads well enough one by one. */
const PIECES_TO_JOIN = 32;

/** Decides when the index is put in order. */
@Injectable()
export class IndexUpkeep {
  constructor(
    private readonly repository: IndexUpkeepRepository,
    private readonly files: IndexFilesRepository,
    private readonly vectors: IndexVectorsRepository,
    private readonly vacuum: IndexVacuum,
  ) {}

  /** After a file was shown: joins pieces where they have become many. */
  async afterWriting(store: number): Promise<void> {
    const { freshPieces, replaced } = await this.files.stateOf(store);
    if (replaced) await this.afterRemoval(store);
    if (freshPieces < PIECES_TO_JOIN) return;
    await this.repository.joinPieces(store);
    await this.vacuum.run();
  }

  /** After files became unseen: their texts go at once, their postings when there are enough of them. */
  async afterRemoval(store: number): Promise<void> {
    const { gone, liveChunks } = await this.files.goneOf(store);
    for (const { start, end } of gone) await this.repository.deleteChunks(store, start, end);
    await this.vectors.removeOrphans(store);
    const chunks = gone.reduce((sum, { start, end }) => sum + end - start, 0);
    if (liveChunks === 0 || chunks >= Math.max(CLEANING_CHUNKS, CLEANING_SHARE * liveChunks)) {
      await this.repository.cleanFiles(store, gone);
    }
  }

  async deleteStore(store: number, signal?: AbortSignal): Promise<void> {
    await this.files.hideAll(store);
    await this.repository.deleteAllChunks(store, signal);
    await this.vectors.removeOrphans(store);
    await this.repository.deleteStore(store, signal);
  }

  /** Finishes what others began and did not end, and what was left for later. */
  async tidy(signal?: AbortSignal): Promise<void> {
    for (const store of await this.repository.ownerless()) await this.deleteStore(store, signal);
    for (const store of await this.repository.unclean()) {
      const { gone } = await this.files.goneOf(store);
      await this.vectors.removeOrphans(store);
      await this.repository.cleanFiles(store, gone, signal);
    }
    await this.vectors.removeOfNoStore();
    await this.vacuum.run();
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { Embedder } from './embedder.js';
import { IndexVectorsRepository } from './index-vectors.repository.js';
import type { FileStretch } from './index-files.repository.js';

/** Chunks of one round: their texts are read, embedded and forgotten. */
const CHUNKS_AT_ONCE = 64;

/**
 * Gives chunks the vectors they lack: those of a file just written, and later those of files whose embedding failed or
 * was made with another model. Searches go by words alone in a store until all of its chunks have theirs.
 */
@Injectable()
export class VectorFiller {
  private readonly logger = new Logger('VectorFiller');
  private readonly running = new Map<number, Promise<void>>();

  constructor(
    private readonly embedder: Embedder,
    private readonly vectors: IndexVectorsRepository,
  ) {}

  /** The file is searched by words where this fails; it is not an error of the file. */
  async afterWriting({ store, firstChunk, chunks }: FileStretch, signal?: AbortSignal): Promise<void> {
    if (chunks === 0 || !this.isPossible()) return;
    try {
      await this.inTurn(store, () => this.fill(store, firstChunk, firstChunk + chunks, signal));
    } catch (error) {
      this.logger.warn(`Chunks have no vectors yet: ${errorMessage(error)}`);
      await this.vectors.unsetModel(store);
    }
  }

  /** Every store that has chunks without a vector of the configured model. */
  async fillAll(signal: AbortSignal): Promise<void> {
    const { model } = this.embedder;
    if (model === undefined || !this.isPossible()) return;
    for (const { number, size } of await this.vectors.storesWithout(model)) {
      signal.throwIfAborted();
      await this.inTurn(number, () => this.fill(number, 0, size, signal));
    }
  }

  private isPossible(): boolean {
    return this.embedder.model !== undefined && this.vectors.state.available;
  }

  private async fill(store: number, start: number, end: number, signal?: AbortSignal): Promise<void> {
    const model = this.embedder.model ?? '';
    const before = await this.vectors.ownerOf(store);
    if (before === null) return;
    for (let from = start; ;) {
      signal?.throwIfAborted();
      const chunks = await this.vectors.unembedded(store, model, { start: from, end }, CHUNKS_AT_ONCE);
      const last = chunks.at(-1);
      if (last === undefined) break;
      const texts = chunks.map(({ text }) => text);
      const vectors = await this.embedder.embedTexts(before, texts, signal);
      await this.vectors.insert(
        store,
        model,
        chunks.map((chunk, index) => ({ ...chunk, vector: vectors[index] ?? new Float32Array() })),
      );
      from = last.number + 1;
    }
    if (before.model !== model) await this.vectors.setModelIfWhole(store, model);
  }

  private async inTurn(store: number, work: () => Promise<void>): Promise<void> {
    const before = this.running.get(store) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(work);
    this.running.set(store, turn);
    try {
      await turn;
    } finally {
      if (this.running.get(store) === turn) this.running.delete(store);
    }
  }
}

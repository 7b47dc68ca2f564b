import { Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { ModelError } from '@libs/llm';
import type { Range } from '@libs/retrieval';
import { Embedder, type Urgency } from './embedder.js';
import { IndexVectorsRepository, type MadeWith } from './index-vectors.repository.js';
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
  private leftSome = false;
  /** The store at which the model was last away: the next round begins behind it. */
  private reached = 0;

  constructor(
    private readonly embedder: Embedder,
    private readonly vectors: IndexVectorsRepository,
  ) {}

  /** Whether chunks that this process wrote have no vectors yet, and nothing was done about it since. */
  get hasLeftSome(): boolean {
    return this.leftSome;
  }

  /** The file is searched by words where this fails; it is not an error of the file. */
  async afterWriting({ store, firstChunk, chunks }: FileStretch, signal?: AbortSignal): Promise<void> {
    if (chunks === 0 || !this.isPossible()) return;
    try {
      await this.fill(store, { start: firstChunk, end: firstChunk + chunks }, 'at-once', signal);
    } catch (error) {
      this.logger.warn(`Chunks have no vectors yet: ${errorMessage(error)}`);
      this.leftSome = true;
      await this.vectors.unsetModel(store);
    }
  }

  /**
   * Every store that has chunks without a vector of the configured model. What is wrong with one is no matter of the
   * others; where the model is away, the rest waits for the next time.
   */
  async fillAll(signal: AbortSignal): Promise<void> {
    const { model } = this.embedder;
    this.leftSome = false;
    if (model === undefined || !this.isPossible()) return;
    const stores = await this.vectors.storesWithout(model);
    if (stores.length > 0) await this.embedder.learnLength(signal);
    const behind = stores.filter(({ number }) => number > this.reached);
    for (const { number, size } of [...behind, ...stores.slice(0, stores.length - behind.length)]) {
      signal.throwIfAborted();
      try {
        await this.fill(number, { start: 0, end: size }, 'in-background', signal);
      } catch (error) {
        signal.throwIfAborted();
        this.logger.warn(`Chunks of store ${number} have no vectors yet: ${errorMessage(error)}`);
        if (!isAway(error)) continue;
        this.reached = number;
        return;
      }
    }
  }

  /** Has stores embedded anew whose vectors are of another length than the model's are now. */
  async replaceVectorsOf(stores: readonly number[]): Promise<void> {
    this.leftSome = true;
    for (const store of stores) await this.vectors.unsetModel(store);
  }

  private isPossible(): boolean {
    return this.embedder.model !== undefined && this.vectors.state.available;
  }

  private async fill(store: number, range: Range, urgency: Urgency, signal?: AbortSignal): Promise<void> {
    const model = this.embedder.model ?? '';
    const before = await this.vectors.ownerOf(store);
    if (before === null) return;
    const made = (): MadeWith => ({ model, length: this.embedder.length });
    for (let from = range.start; ;) {
      signal?.throwIfAborted();
      const chunks = await this.vectors.unembedded(store, made(), { start: from, end: range.end }, CHUNKS_AT_ONCE);
      const last = chunks.at(-1);
      if (last === undefined) break;
      const texts = chunks.map(({ text }) => text);
      const vectors = await this.embedder.embedChunks(before, texts, urgency, signal);
      await this.vectors.insert(
        store,
        model,
        chunks.map((chunk, index) => ({ ...chunk, vector: vectors[index] ?? null })),
      );
      from = last.number + 1;
    }
    if (before.model !== model) await this.vectors.setModelIfWhole(store, made());
    else if (isOther(before.length, this.embedder.length)) await this.replaceVectorsOf([store]);
  }
}

function isOther(before: number | null, now: number | undefined): boolean {
  return before !== null && now !== undefined && before !== now;
}

/** Whether another store's texts would fare no better now. */
function isAway(error: unknown): boolean {
  return error instanceof ModelError && ['unavailable', 'timeout', 'rate_limited'].includes(error.kind);
}

import { sleep } from '@libs/kernel';
import { ModelError, type EmbeddingModel } from '@libs/llm';
import { Turns } from '../turns.js';

export interface EmbeddingLimits {
  /** Texts of one call. */
  batchSize: number;
  /** Calls at once, of everyone who shares this embedder. */
  concurrency: number;
  /** The pause before the first further try; it doubles each time. */
  firstPauseMs: number;
}

export interface EmbeddingPatience {
  /** Further tries of a call that may succeed later. */
  retries: number;
  /** What a call may take, and the wait for its turn as well; absent: as long as the model's client lets it. */
  callMs?: number;
  signal?: AbortSignal | undefined;
}

const LONGEST_PAUSE_MS = 60_000;
/** In characters. A text of this length that is refused is refused for what it says. */
const SHORTEST_TEXT = 128;
/** No model refuses it. */
const HARMLESS_TEXT = 'text';

/** Embeds any number of texts, in batches, at a rate that the model server bears. */
export class PatientEmbedder {
  private readonly turns: Turns;

  /** @param find the model's server, asked anew for each call, since it may have moved */
  constructor(
    private readonly model: string,
    private readonly find: (model: string) => Promise<EmbeddingModel>,
    private readonly limits: EmbeddingLimits,
  ) {
    this.turns = new Turns(limits.concurrency);
  }

  /**
   * A vector for each text, in order; null for one that the model refuses. One that is too long for it has the vector of
   * its beginning. The batches of one call come one after the other.
   *
   * @throws ModelError, and the signal's reason
   */
  async embed(texts: readonly string[], patience: EmbeddingPatience): Promise<(Float32Array | null)[]> {
    const vectors: (Float32Array | null)[] = [];
    for (let start = 0; start < texts.length; start += this.limits.batchSize) {
      vectors.push(...(await this.embedBatch(texts.slice(start, start + this.limits.batchSize), patience)));
    }
    return vectors;
  }

  private async embedBatch(texts: readonly string[], patience: EmbeddingPatience): Promise<(Float32Array | null)[]> {
    const { signal, retries } = patience;
    for (let tried = 0; ; tried += 1) {
      signal?.throwIfAborted();
      try {
        return await this.ask(texts, patience);
      } catch (error) {
        if (mayBeTheTexts(error) && (await this.isWell(patience))) return this.embedParts(texts, patience);
        if (tried >= retries || !mayPass(error)) throw error;
        await sleep(pauseAfter(error, this.limits.firstPauseMs * 2 ** tried), signal);
      }
    }
  }

  /** One text must not keep the others from their vectors: it is looked for by halves. */
  private async embedParts(texts: readonly string[], patience: EmbeddingPatience): Promise<(Float32Array | null)[]> {
    const [first = ''] = texts;
    if (texts.length === 1) {
      return first.length <= SHORTEST_TEXT ? [null] : this.embedBatch([firstHalf(first)], patience);
    }
    const middle = texts.length >> 1;
    const before = await this.embedBatch(texts.slice(0, middle), patience);
    return [...before, ...(await this.embedBatch(texts.slice(middle), patience))];
  }

  /** Whether the model embeds anything at all. */
  private async isWell(patience: EmbeddingPatience): Promise<boolean> {
    try {
      await this.ask([HARMLESS_TEXT], patience);
      return true;
    } catch {
      patience.signal?.throwIfAborted();
      return false;
    }
  }

  private async ask(texts: readonly string[], { signal, callMs }: EmbeddingPatience): Promise<Float32Array[]> {
    const limit = callMs === undefined ? undefined : AbortSignal.timeout(callMs);
    const either = AbortSignal.any([signal, limit].filter((each) => each !== undefined));
    try {
      return await this.turns.take(async () => {
        const server = await this.find(this.model);
        return (await server.embed({ model: this.model, texts }, { signal: either })).vectors;
      }, either);
    } catch (error) {
      signal?.throwIfAborted();
      if (!limit?.aborted) throw error;
      throw new ModelError('timeout', `The embedding model took longer than ${callMs} ms.`, { cause: error });
    }
  }
}

/** Whether the same call may succeed later. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ModelError)) return false;
  return ['unavailable', 'timeout', 'rate_limited', 'failed'].includes(error.kind);
}

/** llama.cpp says 500 where a text is too long. */
function mayBeTheTexts(error: unknown): boolean {
  return error instanceof ModelError && (error.kind === 'rejected' || error.kind === 'failed');
}

function pauseAfter(error: unknown, planned: number): number {
  const asked = error instanceof ModelError ? (error.details.retryAfterMs ?? 0) : 0;
  return Math.min(LONGEST_PAUSE_MS, Math.max(planned, asked));
}

/** Not through the middle of a character. */
function firstHalf(text: string): string {
  return text.slice(0, text.length >> 1).replace(/[\uD800-\uDBFF]$/, '');
}

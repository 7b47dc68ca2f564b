import { sleep } from '@libs/kernel';
import { ModelError, type EmbeddingModel } from '@libs/llm';

export interface EmbeddingLimits {
  /** Texts of one call. */
  batchSize: number;
  /** Calls at once, of everyone who shares this embedder. */
  concurrency: number;
  /** Further tries of a call that may succeed later. */
  retries: number;
  /** The pause before the first of them; it doubles each time. */
  firstPauseMs: number;
}

const LONGEST_PAUSE_MS = 60_000;

/** Embeds any number of texts, in batches, at a rate that the model server bears. */
export class PatientEmbedder {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param find the model's server, asked anew for each call, since it may have moved */
  constructor(
    private readonly model: string,
    private readonly find: (model: string) => Promise<EmbeddingModel>,
    private readonly limits: EmbeddingLimits,
  ) {}

  /** A vector for each text, in order. The batches of one call come one after the other. */
  async embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += this.limits.batchSize) {
      const batch = texts.slice(start, start + this.limits.batchSize);
      vectors.push(...(await this.inTurn(() => this.embedBatch(batch, signal))));
    }
    return vectors;
  }

  private async embedBatch(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    for (let tried = 0; ; tried += 1) {
      signal?.throwIfAborted();
      try {
        const server = await this.find(this.model);
        const { vectors } = await server.embed({ model: this.model, texts }, signal === undefined ? {} : { signal });
        return vectors;
      } catch (error) {
        if (tried >= this.limits.retries || !mayPass(error)) throw error;
        await sleep(pauseAfter(error, this.limits.firstPauseMs * 2 ** tried), signal);
      }
    }
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= this.limits.concurrency) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}

/** Whether the same call may succeed later. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ModelError)) return false;
  return ['unavailable', 'timeout', 'rate_limited', 'failed'].includes(error.kind);
}

function pauseAfter(error: unknown, planned: number): number {
  const asked = error instanceof ModelError ? (error.details.retryAfterMs ?? 0) : 0;
  return Math.min(LONGEST_PAUSE_MS, Math.max(planned, asked));
}

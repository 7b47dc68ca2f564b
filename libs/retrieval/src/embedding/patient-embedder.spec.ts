import { ModelError, type EmbeddingModel } from '@libs/llm';
import { PatientEmbedder } from './patient-embedder.js';

const LIMITS = { batchSize: 2, concurrency: 1, retries: 2, firstPauseMs: 1 };

/** A model whose vector of a text is its length; the first calls fail as told. */
function modelOf(failures: ModelError[] = []) {
  const batches: string[][] = [];
  let most = 0;
  let running = 0;
  const model: EmbeddingModel = {
    async embed({ texts }) {
      most = Math.max(most, (running += 1));
      await new Promise(setImmediate);
      running -= 1;
      const failure = failures.shift();
      if (failure) throw failure;
      batches.push([...texts]);
      return { vectors: texts.map((text) => Float32Array.of(text.length)), promptTokens: 0 };
    },
  };
  return { batches, most: () => most, embedder: new PatientEmbedder('m', async () => model, LIMITS) };
}

describe('PatientEmbedder', () => {
  it('gives vectors in order, in batches', async () => {
    const { embedder, batches } = modelOf();
    const vectors = await embedder.embed(['a', 'bb', 'ccc']);
    expect(vectors.map(([length]) => length)).toEqual([1, 2, 3]);
    expect(batches).toEqual([['a', 'bb'], ['ccc']]);
    expect(await embedder.embed([])).toEqual([]);
  });

  it.each(['unavailable', 'timeout', 'rate_limited', 'failed'] as const)('tries again after %s', async (kind) => {
    const { embedder } = modelOf([new ModelError(kind, 'no'), new ModelError(kind, 'no')]);
    expect(await embedder.embed(['a'])).toHaveLength(1);
  });

  it.each([
    ['rejected, at once', [new ModelError('rejected', 'no')]],
    ['not found, at once', [new ModelError('model_not_found', 'no')]],
    ['unavailable for too long', Array.from({ length: 3 }, () => new ModelError('unavailable', 'no'))],
  ])('gives up: %s', async (_, failures) => {
    await expect(modelOf(failures).embedder.embed(['a'])).rejects.toThrow('no');
  });

  it('makes no more calls at once than it may, whoever asks, and goes on after a failure', async () => {
    const { embedder, most } = modelOf([new ModelError('rejected', 'no')]);
    const results = await Promise.allSettled(['a', 'b', 'c'].map((text) => embedder.embed([text])));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(most()).toBe(1);
  });

  it('ends where it is aborted', async () => {
    const { embedder } = modelOf([new ModelError('rate_limited', 'no', { retryAfterMs: 60_000 })]);
    await expect(embedder.embed(['a'], AbortSignal.timeout(20))).rejects.toThrow();
  });
});

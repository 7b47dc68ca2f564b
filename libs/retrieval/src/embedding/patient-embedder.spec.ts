import { ModelError, type EmbeddingModel } from '@libs/llm';
import { PatientEmbedder } from './patient-embedder.js';

const LIMITS = { batchSize: 2, concurrency: 1, firstPauseMs: 1 };
const RETRIES = { retries: 2 };
const POISON = 'poison';

/** A model whose vector of a text is its length; the first calls fail as told. */
function modelOf(failures: ModelError[] = [], limits = LIMITS) {
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
  return { batches, most: () => most, embedder: new PatientEmbedder('m', async () => model, limits) };
}

/** Refuses texts of more characters than it takes, and what is poison to it; and answers nothing where it hangs. */
function pickyModel({ most = Infinity, kind = 'rejected' as ModelError['kind'], hangs = false }) {
  const asked: string[][] = [];
  const model: EmbeddingModel = {
    async embed({ texts }, { signal } = {}) {
      asked.push([...texts]);
      if (hangs) {
        await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
      }
      if (texts.some((text) => text.length > most || text.startsWith(POISON))) throw new ModelError(kind, 'no');
      return { vectors: texts.map((text) => Float32Array.of(text.length)), promptTokens: 0 };
    },
  };
  return { asked, embedder: new PatientEmbedder('m', async () => model, { ...LIMITS, batchSize: 4 }) };
}

const lengths = (vectors: readonly (Float32Array | null)[]): unknown[] =>
  vectors.map((vector) => (vector === null ? null : vector[0]));

describe('PatientEmbedder', () => {
  it('gives vectors in order, in batches', async () => {
    const { embedder, batches } = modelOf();
    expect(lengths(await embedder.embed(['a', 'bb', 'ccc'], RETRIES))).toEqual([1, 2, 3]);
    expect(batches).toEqual([['a', 'bb'], ['ccc']]);
    expect(await embedder.embed([], RETRIES)).toEqual([]);
  });

  it.each(['unavailable', 'timeout', 'rate_limited'] as const)('tries again after %s', async (kind) => {
    const { embedder } = modelOf([new ModelError(kind, 'no'), new ModelError(kind, 'no')]);
    expect(await embedder.embed(['a'], RETRIES)).toHaveLength(1);
  });

  it.each([
    ['rejected as all is, at once', 'rejected', 2],
    ['not found, at once', 'model_not_found', 1],
    ['unavailable for too long', 'unavailable', 3],
    ['a server that fails in everything', 'failed', 6],
  ] as const)('gives up: %s', async (_, kind, calls) => {
    const failures = Array.from({ length: calls }, () => new ModelError(kind, 'no'));
    await expect(modelOf(failures).embedder.embed(['a'], RETRIES)).rejects.toThrow('no');
    expect(failures).toEqual([]);
  });

  it.each(['rejected', 'failed'] as const)('finds the text that is %s, and embeds the others', async (kind) => {
    const { embedder } = pickyModel({ kind });
    expect(lengths(await embedder.embed(['a', 'bb', POISON, 'cccc', 'ddddd'], RETRIES))).toEqual([1, 2, null, 4, 5]);
  });

  it('embeds the beginning of a text that is too long, and parts no character', async () => {
    const { embedder, asked } = pickyModel({ most: 300 });
    const long = 'x'.repeat(255) + '🌍'.repeat(400);
    expect(lengths(await embedder.embed(['a', long], RETRIES))).toEqual([1, 263]);
    for (const text of asked.flat()) expect(() => encodeURIComponent(text)).not.toThrow();
  });

  it('gives up a text that is refused however short it is', async () => {
    const { embedder } = pickyModel({});
    expect(await embedder.embed([POISON.repeat(100)], RETRIES)).toEqual([null]);
  });

  it('makes no more calls at once than it may, whoever asks, and goes on after a failure', async () => {
    const { embedder, most } = modelOf([new ModelError('model_not_found', 'no')]);
    const results = await Promise.allSettled(['a', 'b', 'c'].map((text) => embedder.embed([text], RETRIES)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(most()).toBe(1);
  });

  it('ends where it is aborted', async () => {
    const { embedder } = modelOf([new ModelError('rate_limited', 'no', { retryAfterMs: 60_000 })]);
    await expect(embedder.embed(['a'], { ...RETRIES, signal: AbortSignal.timeout(20) })).rejects.toThrow();
  });

  it('waits for a call, and for its turn, as long as it may, and lets the next one go on', async () => {
    const { embedder, asked } = pickyModel({ hangs: true });
    const patient = new AbortController();
    const first = embedder.embed(['first'], { retries: 0, signal: patient.signal });
    const waiting = embedder.embed(['second'], { retries: 0, callMs: 10 });
    await expect(waiting).rejects.toMatchObject({ kind: 'timeout' });
    const aborted = embedder.embed(['third'], { retries: 0, signal: AbortSignal.timeout(10) });
    await expect(aborted).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(asked).toEqual([['first']]);
    patient.abort();
    await expect(first).rejects.toThrow();
    await expect(embedder.embed(['fourth'], { retries: 0, callMs: 10 })).rejects.toMatchObject({ kind: 'timeout' });
    expect(asked).toEqual([['first'], ['fourth']]);
  });
});

import { setImmediate } from 'node:timers/promises';

const LONGEST_STRETCH_MS = 5;

/** Gives `breathe`, to be awaited between small pieces of work: it lets the event loop run when its turn has come. */
export function yieldOften(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let began = performance.now();
  return () => {
    if (performance.now() - began < LONGEST_STRETCH_MS) return undefined;
    signal?.throwIfAborted();
    return setImmediate().then(() => {
      signal?.throwIfAborted();
      began = performance.now();
    });
  };
}

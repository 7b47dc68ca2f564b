import { sleep } from '@libs/kernel';
import type { ChatDelta } from '../ports/chat-model.js';
import type { ModelError } from '../ports/model-error.js';
import { retryDelay } from './retry-policy.js';
import { toModelError } from './transport-error.js';

export interface RetriedCall {
  attempt(): AsyncIterable<ChatDelta>;
  /** Whether the failure taught something that makes another try promising at once. Absent: it never does. */
  adapts?(failure: ModelError): boolean;
  /** Told when a try is answered: what it was adapted to is right. */
  answers?(): void;
  /** Name of the server, for errors. */
  server: string;
  /** Further tries of a call that failed before its first delta. */
  maxRetries: number;
  random?: (() => number) | undefined;
  signal: AbortSignal | undefined;
}

/** The deltas of the first try that yields any. What has begun is never begun anew. Throws ModelErrors. */
export async function* retriedStream(call: RetriedCall): AsyncGenerator<ChatDelta> {
  let attempt = 0;
  for (;;) {
    let begun = false;
    try {
      for await (const delta of call.attempt()) {
        if (!begun) call.answers?.();
        begun = true;
        yield delta;
      }
      return;
    } catch (error) {
      const failure = toModelError(error, call.server, call.signal);
      if (begun) throw failure;
      if (call.adapts?.(failure) !== true) {
        await pauseBefore(call, failure, attempt);
        attempt += 1;
      }
    }
  }
}

/** Throws the failure where another try is of no use. */
async function pauseBefore(call: RetriedCall, failure: ModelError, attempt: number): Promise<void> {
  const { signal, random = Math.random, maxRetries, server } = call;
  const delay = retryDelay(failure, attempt, maxRetries, random);
  if (delay === undefined) throw failure;
  await sleep(delay, signal);
  if (signal?.aborted) throw toModelError(failure, server, signal);
}

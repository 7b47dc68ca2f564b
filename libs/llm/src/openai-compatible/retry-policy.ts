import type { ModelError } from '../ports/model-error.js';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8000;
/** A server that asks for a longer pause than this gets none: the caller learns of it at once. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Milliseconds to wait before trying again a call that yielded nothing yet, or undefined where another
 * try is of no use. Exponential with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/),
 * unless the server said how long. `attempt` counts from 0, `random` is in [0, 1).
 */
export function retryDelay(
  error: ModelError,
  attempt: number,
  maxRetries: number,
  random: () => number,
): number | undefined {
  if (attempt >= maxRetries || !isTransient(error)) return undefined;
  const asked = error.details.retryAfterMs;
  if (asked !== undefined) return asked > LONGEST_RETRY_AFTER_MS ? undefined : asked;
  return Math.round(random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt));
}

/** A timeout is not: the server may still be at work on the first try. */
function isTransient(error: ModelError): boolean {
  if (error.kind === 'unavailable' || error.kind === 'rate_limited') return true;
  return error.kind === 'failed' && (error.details.status ?? 0) >= 500;
}

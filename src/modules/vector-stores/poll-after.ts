/** Read by the SDKs' pollers, which else wait for 5 s (Node) or 1 s (Python). */
export const POLL_AFTER_HEADER = 'openai-poll-after-ms';

const SOONEST_MS = 100;
const LATEST_MS = 2000;
/** A file that took so long will take as long again: a tenth of it more is no delay. */
const SHARE_OF_AGE = 0.1;
const MS_A_FILE = 10;

/**
 * Milliseconds after which to ask again. Small at first, and for few files: most are there at once.
 *
 * @param createdAt of the file or batch
 * @param waiting files of it that are not there yet
 */
export function pollAfterMs(createdAt: Date, waiting: number, now = new Date()): number {
  const age = now.getTime() - createdAt.getTime();
  const wanted = Math.max(SHARE_OF_AGE * age, MS_A_FILE * waiting, SOONEST_MS);
  return Math.round(Math.min(wanted, LATEST_MS));
}

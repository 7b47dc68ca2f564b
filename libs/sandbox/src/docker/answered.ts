import { sleep } from '@libs/kernel';
import { SandboxError } from '../ports/sandbox-provider.js';

/** Making a container takes a tenth of a second; an engine that has much to do may need many. */
export const ENGINE_PATIENCE_MS = 60_000;

/**
 * An engine's answer, which it owes within a time.
 * @param onLate Gets the answer that came all the same, to undo what was done.
 * @throws SandboxError if it does not come
 */
export async function answered<Answer>(
  asked: Promise<Answer>,
  patienceMs: number,
  onLate: (answer: Answer) => unknown = () => undefined,
): Promise<Answer> {
  const timer = new AbortController();
  const late = Symbol('late');
  const first = await Promise.race([asked, sleep(patienceMs, timer.signal).then(() => late)]).finally(() =>
    timer.abort(),
  );
  if (first !== late) return first as Answer;
  asked.then(onLate).catch(() => undefined);
  throw new SandboxError(`The container engine does not answer within ${patienceMs / 1000} s.`);
}

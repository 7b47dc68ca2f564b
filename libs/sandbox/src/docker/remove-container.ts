import { sleep } from '@libs/kernel';
import type { Container } from 'dockerode';
import { answered } from './answered.js';

const TRIES = 10;
const BETWEEN_TRIES_MS = 300;
const NOT_FOUND = 404;

/**
 * Removes a container, running or not; one that is gone is as good as removed. One that ends in the same moment is refused
 * by podman ("container state improper"), and by Docker ("removal already in progress"): a little later it can go, or has.
 * @throws what the engine said last
 */
export async function removeContainer(container: Container, patienceMs: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await answered(container.remove({ force: true, v: true }), patienceMs);
      return;
    } catch (error) {
      if (statusOf(error) === NOT_FOUND) return;
      if (attempt === TRIES || statusOf(error) === undefined) throw error;
    }
    await sleep(BETWEEN_TRIES_MS);
  }
}

/** Undefined where the engine did not answer at all. */
function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

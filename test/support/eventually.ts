import { sleep } from '@libs/kernel';

const PATIENCE_MS = 15_000;
const RETRY_MS = 10;

/** Repeats the assertion until it holds. After 15 seconds its failure is the test's. */
export async function eventually(assertion: () => void | Promise<void>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}

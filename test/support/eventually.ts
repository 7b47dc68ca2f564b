import { sleep } from '@libs/kernel';

const PATIENCE_MS = 60_000;
const RETRY_MS = 10;

/** Repeats the assertion until it holds. After a minute its failure is the test's: patience costs nothing where it holds. */
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

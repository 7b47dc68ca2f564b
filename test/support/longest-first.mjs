import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Sequencer from '@jest/test-sequencer';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The suites that take minutes, each about as long as the one below it or longer. Seconds are for no machine but one. */
const LONGEST = [
  'test/race/races.spec.ts',
  'test/contract/sandbox/chaos/chaos.spec.ts',
  'test/contract/sandbox/escape/deno.spec.ts',
  'test/contract/sandbox/deno.spec.ts',
  'test/e2e/ingestion-crash.spec.ts',
  'test/e2e/main-job.spec.ts',
  'test/e2e/sandbox-installation.spec.ts',
  'test/contract/sandbox/escape/remote.spec.ts',
  'test/contract/sandbox/remote.spec.ts',
  'test/contract/sdk/openai-v6.spec.ts',
  'test/contract/sdk/openai-v7.spec.ts',
  'test/contract/sdk/openai-v4.spec.ts',
  'test/contract/sandbox/escape/docker.spec.ts',
  'test/contract/sandbox/docker.spec.ts',
  'test/medium/database/embedded-database.spec.ts',
  'test/race/worker-loss.spec.ts',
  'test/e2e/durability.spec.ts',
  'test/contract/sandbox/killed-server.spec.ts',
  'test/e2e/tenants.spec.ts',
  'test/arch/lint-breaches.spec.ts',
  'test/contract/sandbox/escape/bubblewrap.spec.ts',
  'test/e2e/chat-completions.spec.ts',
  'test/contract/sandbox/bubblewrap.spec.ts',
  'test/contract/sdk/on-postgres.spec.ts',
  'test/fuzz/fuzz.spec.ts',
].map((path) => ROOT + path);

const gone = LONGEST.filter((path) => !existsSync(path));
if (gone.length > 0) throw new Error(`Not there to be run first: ${gone.join(', ')}`);

/**
 * A suite of minutes that starts last keeps one worker busy while the others have nothing left. Jest orders by the
 * times of the last run, which a fresh clone does not have, and else by the size of files: the longest suites are small.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((left, right) => rankOf(left) - rankOf(right));
  }
}

function rankOf({ path }) {
  const rank = LONGEST.indexOf(path);
  return rank === -1 ? LONGEST.length : rank;
}

import { spawnSync } from 'node:child_process';
import { isBuildFresh } from '../../scripts/support/build.mjs';

/** Before all suites. What is set here reaches every worker. */
export default async function prepare() {
  makeTemplate();
  process.env.IS_BUILD_FRESH = (await isBuildFresh()) ? '1' : '0';
}

/**
 * The embedded database that they start on copies of. Without it each of the many databases that
 * tests start would be made anew, which takes seconds of a processor.
 */
function makeTemplate() {
  const program =
    "const { ensureMigratedDatabase } = await import('./test/support/migrated-database.ts'); await ensureMigratedDatabase();";
  const loader = ['--import', '@swc-node/register/esm-register'];
  const result = spawnSync(process.execPath, [...loader, '--input-type=module', '-e', program], {
    cwd: new URL('../..', import.meta.url),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (result.status !== 0) throw new Error(`The embedded database of the tests was not made (${result.status}).`);
}

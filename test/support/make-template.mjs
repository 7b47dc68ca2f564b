import { spawnSync } from 'node:child_process';

/**
 * Before all suites: the template of the embedded database. Without it each of the many databases that tests start
 * would be made anew, which takes seconds of a processor.
 */
export default function makeTemplate() {
  const program =
    "const { ensureTemplate } = await import('./src/database/embedded/template.ts'); await ensureTemplate();";
  const result = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: new URL('../..', import.meta.url),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (result.status !== 0) throw new Error(`The template of the embedded database was not made (${result.status}).`);
}

import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, runNode } from './run.mjs';

/** Everything that the build reads. */
const SOURCES = [
  'src',
  'libs',
  'config',
  'scripts/demo',
  'ormconfig.ts',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** Bears the time at which the last good build began; the compiler writes files also when it fails. */
const STAMP = join(ROOT, 'dist', '.built');

/** Compiles into dist/. Gives the compiler's exit code. */
export async function build() {
  const startedAt = new Date();
  await rm(STAMP, { force: true });
  const exitCode = await runNode(['node_modules/@nestjs/cli/bin/nest.js', 'build']);
  if (exitCode !== 0) return exitCode;
  const templateExitCode = await runNode(['dist/src/database/embedded/ship-template.process.js']);
  if (templateExitCode !== 0) return templateExitCode;
  await writeFile(STAMP, '');
  await utimes(STAMP, startedAt, startedAt);
  return 0;
}

/** Builds unless the build is fresh. Gives the exit code. */
export async function buildIfNeeded() {
  return (await isBuildFresh()) ? 0 : build();
}

/** Whether dist/ holds a good build that began after the last change of the sources. */
export async function isBuildFresh() {
  const builtAt = await modifiedAt(STAMP);
  if (builtAt === 0) return false;
  const times = await Promise.all(SOURCES.map((source) => newestIn(join(ROOT, source))));
  return Math.max(...times) < builtAt;
}

/** Milliseconds since the epoch; 0 for what does not exist. */
async function modifiedAt(path) {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
}

/** Folders count too: a deleted file changes only its folder. */
async function newestIn(path) {
  const own = await modifiedAt(path);
  if (own === 0 || !(await stat(path)).isDirectory()) return own;
  const entries = await readdir(path);
  const times = await Promise.all(entries.map((entry) => newestIn(join(path, entry))));
  return Math.max(own, ...times);
}

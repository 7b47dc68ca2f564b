import { copyFileSync, existsSync, mkdirSync, openAsBlob, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine } from './engine.js';

const require = createRequire(import.meta.url);

/** The name bears the engine's version, so that a newer engine never loads an older one's files. */
function templateName(): string {
  const engineFile = require.resolve('@electric-sql/pglite');
  const { version } = require(join(dirname(engineFile), '..', 'package.json')) as { version: string };
  return `embedded-database-${version}.tar.gz`;
}

/** Where the template of an empty database is made and kept: `.cache` beside package.json, never in version control. */
export function templatePath(): string {
  return join(packageRoot(), '.cache', templateName());
}

/** The copy that the build lays beside this module, so that `dist` alone is enough to run. */
function shippedTemplatePath(): string {
  return fileURLToPath(new URL(templateName(), import.meta.url));
}

/** The template, if the build or a test has made it. */
export async function readTemplate(): Promise<Blob | undefined> {
  const path = [shippedTemplatePath(), templatePath()].find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : openAsBlob(path);
}

/** For the build: makes the template and ships it. */
export async function shipTemplate(): Promise<void> {
  copyFileSync(await ensureTemplate(), shippedTemplatePath());
}

/** Makes the template unless it is there. Loading it takes about 0.6 s where making a database takes 1.6 to 4.5 s. */
export async function ensureTemplate(): Promise<string> {
  const path = templatePath();
  if (existsSync(path)) return path;
  const engine = await openEngine({});
  const dump = await engine.dumpDataDir('gzip');
  await engine.close();
  mkdirSync(dirname(path), { recursive: true });
  // Several builds and tests may make it at once; a rename shows it whole or not at all.
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, Buffer.from(await dump.arrayBuffer()));
  renameSync(partial, path);
  return path;
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

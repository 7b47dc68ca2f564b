import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const VERSION = '3.22.1';
const FOLDER = join(tmpdir(), `threadmill-node-llama-cpp-${VERSION}-${process.arch}`);
const INSTALL = ['install', '--no-audit', '--no-fund', '--omit=optional', '--omit=peer', '--ignore-scripts'];
const MINUTES = 60_000;

/**
 * node-llama-cpp, which is no dependency: 85 MB that few want. It is installed into a cache folder, with the binaries for
 * processors alone.
 */
export async function importNodeLlamaCpp(): Promise<never> {
  return (await import(await installedEntry())) as never;
}

/** The variables by which a process of the product finds it under its name, as if it were installed there. */
export async function nodeLlamaCppEnvironment(): Promise<Record<string, string>> {
  const hook = new URL('./resolve-node-llama-cpp.mjs', import.meta.url).href;
  return { NODE_OPTIONS: `--import ${hook}`, NODE_LLAMA_CPP: await installedEntry() };
}

/** The URL of its entry. */
async function installedEntry(): Promise<string> {
  if (!existsSync(FOLDER)) await install();
  return pathToFileURL(join(FOLDER, 'node_modules/node-llama-cpp/dist/index.js')).href;
}

async function install(): Promise<void> {
  const draft = `${FOLDER}.${process.pid}`;
  const binaries = `@node-llama-cpp/${process.platform}-${process.arch}@${VERSION}`;
  await mkdir(draft, { recursive: true });
  await writeFile(join(draft, 'package.json'), '{"private":true}');
  try {
    const args = [...INSTALL, `node-llama-cpp@${VERSION}`, binaries];
    await promisify(execFile)('npm', args, { cwd: draft, timeout: 4 * MINUTES });
    // Another process may have been faster.
    if (!existsSync(FOLDER)) await rename(draft, FOLDER);
  } catch (error) {
    throw new Error('node-llama-cpp could not be installed, so that GGUF files are not tested.', { cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** How a file of ours is started: as it was compiled, or from its TypeScript source through tsx. */
export interface SiblingEntry {
  url: URL;
  execArgv: string[];
}

/**
 * The entry file `name` (without extension) beside the module at `moduleUrl`. Compiled modules find the
 * compiled file; under tsx and Jest, where modules end in .ts, the source is run through tsx.
 */
export function siblingEntry(moduleUrl: string, name: string): SiblingEntry {
  const extension = extname(new URL(moduleUrl).pathname);
  const url = new URL(`./${name}${extension}`, moduleUrl);
  if (extension !== '.ts') return { url, execArgv: [] };
  const loader = pathToFileURL(createRequire(moduleUrl).resolve('tsx')).href;
  return { url, execArgv: ['--import', loader] };
}

/** Starts a sibling as a child process with an IPC channel. Its standard output is dropped: the parent's is a log. */
export function forkSibling(moduleUrl: string, name: string, args: string[]): ChildProcess {
  const { url, execArgv } = siblingEntry(moduleUrl, name);
  return fork(fileURLToPath(url), args, { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

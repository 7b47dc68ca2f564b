import { execFile } from 'node:child_process';
import { lstatSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import { promisify } from 'node:util';
import { SandboxError } from '../ports/sandbox-provider.js';

const run = promisify(execFile);
const ROOT_FOLDERS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64'];
const ASK_PREFIXES =
  'import os, sys; print("\\n".join({os.path.realpath(p) for p in (sys.prefix, sys.base_prefix)} | {sys.prefix}))';
const PYTHON_ANSWERS_WITHIN_MS = 10_000;

/** /bin and its like: links into /usr on merged systems, folders on others. */
export function rootFolders(): { path: string; target: string | undefined }[] {
  return ROOT_FOLDERS.flatMap((path) => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    return [{ path, target: stats.isSymbolicLink() ? readlinkSync(path) : undefined }];
  });
}

/**
 * Folders of an interpreter that do not come with the system's: a virtual environment, a build of one's own.
 * @throws SandboxError if there is no such interpreter.
 */
export async function foldersOfPython(python: string): Promise<string[]> {
  try {
    const { stdout } = await run(python, ['-I', '-c', ASK_PREFIXES], {
      cwd: '/',
      env: {},
      timeout: PYTHON_ANSWERS_WITHIN_MS,
    });
    return stdout.split('\n').filter((path) => path !== '' && path !== '/usr' && path !== '/');
  } catch (error) {
    throw new SandboxError(`There is no working Python at ${python}.`, { cause: error });
  }
}

/**
 * Whether RLIMIT_NPROC counts a user namespace's processes only (Linux 5.14). Before, it counts all of the user's.
 */
export function countsProcessesByNamespace(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
}

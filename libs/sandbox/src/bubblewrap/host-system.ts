import { execFile } from 'node:child_process';
import { lstatSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import { promisify } from 'node:util';
import { SandboxError } from '../ports/sandbox-provider.js';

const run = promisify(execFile);
const ROOT_FOLDERS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64'];
const INSPECTION = `
import base64, importlib.util, marshal, os, sys
code = compile(sys.stdin.read(), "kernel", "exec")
print(base64.b64encode(importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code)).decode())
for folder in {sys.prefix, *map(os.path.realpath, (sys.prefix, sys.base_prefix))}:
    print(folder)
`;
const PYTHON_ANSWERS_WITHIN_MS = 10_000;

/** /bin and its like: links into /usr on merged systems, folders on others. */
export function rootFolders(): { path: string; target: string | undefined }[] {
  return ROOT_FOLDERS.flatMap((path) => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    return [{ path, target: stats.isSymbolicLink() ? readlinkSync(path) : undefined }];
  });
}

export interface Interpreter {
  /** Folders that do not come with the system's: a virtual environment, a build of one's own. */
  folders: readonly string[];
  /** The kernel in the interpreter's own bytecode, which spares every start the compiling. */
  kernel: Buffer;
}

/**
 * Asks the interpreter on the host, with a program of our own, what the confinement needs to know.
 * @throws SandboxError if there is no such interpreter.
 */
export async function inspectInterpreter(python: string, kernelSource: string): Promise<Interpreter> {
  try {
    const asked = run(python, ['-I', '-c', INSPECTION], { cwd: '/', env: {}, timeout: PYTHON_ANSWERS_WITHIN_MS });
    asked.child.stdin?.end(kernelSource);
    const [bytecode = '', ...folders] = (await asked).stdout.trimEnd().split('\n');
    return {
      folders: folders.filter((path) => path !== '/usr' && path !== '/'),
      kernel: Buffer.from(bytecode, 'base64'),
    };
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

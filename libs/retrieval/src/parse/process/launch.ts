import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { siblingEntry } from '@libs/kernel';

export interface LaunchLimits {
  memoryBytes: number;
  /** Processor time of the whole process: it ends one whose server died while a file had it in a loop. */
  cpuSeconds: number;
}

/** How much of the process's memory may be JavaScript's heap; the rest is for buffers and the program. */
const HEAP_SHARE = 0.6;
/** Address space that is mapped and hardly used. Where memory is watched, the watch comes first. */
const DATA_SLACK_BYTES = 768 * 1024 * 1024;
const KIB = 1024;
const MIB = KIB * KIB;

/** The pipe that replies come through; the usual three are not spoken on, since libraries write there. */
export const REPLY_DESCRIPTOR = 3;

/** Gives a child with pipes for what it is asked and replies. Throws where the system has no room for it. */
export type Launch = (limits: LaunchLimits) => ChildProcess;

/** Starts a parser: no environment, no files to write, none to read but its own program, limited memory and time. */
export function launch(limits: LaunchLimits): ChildProcess {
  const { url, execArgv } = siblingEntry(import.meta.url, 'parse.process');
  const entry = fileURLToPath(url);
  // From its sources the program is compiled on the way, which takes more than a finished one may do.
  const compiled = execArgv.length === 0;
  const heap = `--max-old-space-size=${Math.floor((limits.memoryBytes * HEAP_SHARE) / MIB)}`;
  const node = [process.execPath, heap, '--no-warnings', ...execArgv, ...(compiled ? permissions(entry) : []), entry];
  const [command = '', ...args] = [...resourceLimits(limits, compiled), ...node];
  return spawn(command, args, {
    cwd: compiled ? dirname(entry) : process.cwd(),
    env: {},
    // A Ctrl-C at the server's terminal must not break what is being read.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
}

/** Limits that the kernel keeps, set by the shell that becomes the parser. They are KiB, blocks and seconds. */
function resourceLimits({ memoryBytes, cpuSeconds }: LaunchLimits, compiled: boolean): string[] {
  if (process.platform === 'win32') return [];
  const data = Math.ceil((memoryBytes + DATA_SLACK_BYTES) / KIB);
  const soft = [`ulimit -c 0`, `ulimit -d ${data}`, `ulimit -t ${cpuSeconds}`, ...(compiled ? ['ulimit -f 0'] : [])];
  // A limit that the system does not know is no reason to read no files.
  return ['/bin/sh', '-c', `${soft.map((one) => `${one} 2>/dev/null;`).join(' ')} exec "$0" "$@"`];
}

/** Node's own: no writing, no children, no threads, and reading only where programs lie. */
function permissions(entry: string): string[] {
  const flag = ['--permission', '--experimental-permission'].find((one) =>
    process.allowedNodeEnvironmentFlags.has(one),
  );
  if (flag === undefined) return [];
  const found = createRequire(entry).resolve.paths('unpdf') ?? [];
  // A folder of packages may be a link: what is read then is what it leads to.
  const packages = found.filter((path) => existsSync(path)).flatMap((path) => [path, realpathSync(path)]);
  const readable = [join(programRoot(entry), '*'), ...packages.flatMap((path) => [join(path, '*'), packageFile(path)])];
  // Each once: Node 20 aborts where it is told the same twice.
  return [flag, ...[...new Set(readable)].map((path) => `--allow-fs-read=${path}`)];
}

/** The folder that holds `libs/`. */
function programRoot(entry: string): string {
  return entry.slice(0, entry.lastIndexOf(join('libs', 'retrieval')));
}

function packageFile(modulesFolder: string): string {
  return join(dirname(modulesFolder), 'package.json');
}

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

export interface DenoCommand {
  deno: string;
  arguments: readonly string[];
  /** A folder that Deno's own cache may use. */
  cache: string;
  owner: { uid: number; gid: number } | undefined;
  /** Set where the system can hold them. */
  limits: ProcessLimits | undefined;
}

/** What the system holds of a process and does not share out again; see getrlimit(2). */
export interface ProcessLimits {
  fileBytes: number;
  /** Of processor time, from its start on. */
  cpuSeconds: number;
}

/** POSIX counts the size of files in blocks. */
const BLOCK_BYTES = 512;
/** A file that is too large is then an error for the code, and not the end of the process. */
const LAUNCHER = 'trap "" XFSZ; ulimit -c 0; ulimit -f "$1"; ulimit -S -t "$2"; shift 2; exec "$@"';

/** Whether this system has what sets them. */
export function canLimitProcesses(): boolean {
  return process.platform !== 'win32' && existsSync('/bin/sh');
}

/** The command line that gives a program limits before it starts. */
function launched(program: readonly string[], limits: ProcessLimits | undefined): readonly string[] {
  if (limits === undefined || !canLimitProcesses()) return program;
  const blocks = Math.ceil(limits.fileBytes / BLOCK_BYTES);
  return ['/bin/sh', '-c', LAUNCHER, 'launcher', String(blocks), String(limits.cpuSeconds), ...program];
}

/** Starts Deno with nothing of the server's but pipes. */
export function spawnDeno(command: DenoCommand): ChildProcessByStdio<Writable, Readable, Readable> {
  const [program = command.deno, ...rest] = launched([command.deno, ...command.arguments], command.limits);
  return spawn(program, rest, {
    cwd: '/',
    env: { DENO_DIR: command.cache, NO_COLOR: '1' },
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...command.owner,
  });
}

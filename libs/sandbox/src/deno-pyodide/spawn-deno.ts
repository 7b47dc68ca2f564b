import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface DenoCommand {
  deno: string;
  arguments: readonly string[];
  /** A folder that Deno's own cache may use. */
  cache: string;
  owner: { uid: number; gid: number } | undefined;
}

/** Starts Deno with nothing of the server's but pipes. */
export function spawnDeno(command: DenoCommand): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(command.deno, command.arguments, {
    cwd: '/',
    env: { DENO_DIR: command.cache, NO_COLOR: '1' },
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...command.owner,
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MEMORY_LIMIT_MB = 128;
const PROGRAM = fileURLToPath(new URL('./calculate.process.mjs', import.meta.url));

/** Starts a process that calculates: no environment, bounded memory, and neither output nor a core file where that ends it. */
export function startCalculation(): ChildProcess {
  const node = [process.execPath, `--max-old-space-size=${MEMORY_LIMIT_MB}`, PROGRAM];
  const shell = process.platform === 'win32' ? [] : ['/bin/sh', '-c', 'ulimit -c 0; exec "$0" "$@"'];
  const [command = '', ...args] = [...shell, ...node];
  const child = spawn(command, args, {
    env: {},
    // A Ctrl-C at the server's terminal is for the server, which ends it.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  return child;
}

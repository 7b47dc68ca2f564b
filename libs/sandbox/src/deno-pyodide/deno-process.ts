import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { DeathCause, KernelProcess } from '../protocol/kernel-process.js';
import { StartLog } from '../protocol/start-log.js';
import { watchMemory } from '../session/memory-watch.js';

export interface DenoStart {
  deno: string;
  arguments: readonly string[];
  /** A folder that Deno's own cache may use. */
  cache: string;
  /** The first line: what the runtime needs to know; see runtime/interpreter.mjs. */
  setup: { pyodide: { folder: string; url: string }; kernelSource: string; workspace: string };
  owner: { uid: number; gid: number } | undefined;
  memoryBytes: number;
}

/** Deno with Pyodide inside. Output comes as messages: WebAssembly has no descriptors of its own. */
export class DenoProcess implements KernelProcess {
  readonly requests: Writable;
  readonly replies: Readable;
  readonly outputs = undefined;
  readonly ended: Promise<DeathCause>;
  private readonly child: ChildProcess;
  private readonly log: StartLog;
  private killedFor: DeathCause | undefined;

  constructor(start: DenoStart) {
    const child = spawn(start.deno, start.arguments, {
      cwd: '/',
      env: { DENO_DIR: start.cache, NO_COLOR: '1' },
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...start.owner,
    });
    this.child = child;
    this.log = new StartLog(child.stderr);
    this.requests = child.stdin;
    this.replies = child.stdout;
    this.ended = this.waitForEnd(start.memoryBytes);
    child.stdin.write(`${JSON.stringify(start.setup)}\n`);
  }

  get startLog(): string {
    return this.log.text;
  }

  interrupt(): void {
    this.requests.write('"interrupt"\n');
  }

  pause(): void {
    // Windows cannot stop a process; WebAssembly leaves nothing running there but timers.
    if (process.platform !== 'win32') this.child.kill('SIGSTOP');
  }

  resume(): void {
    if (process.platform !== 'win32') this.child.kill('SIGCONT');
  }

  async kill(cause: DeathCause): Promise<void> {
    this.killedFor ??= cause;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private async waitForEnd(memoryBytes: number): Promise<DeathCause> {
    const { pid } = this.child;
    const endWatch = pid === undefined ? undefined : watchMemory(pid, memoryBytes, () => void this.kill('memory'));
    // 'error' makes once() reject: the program could not be started at all.
    await once(this.child, 'exit').catch(() => undefined);
    endWatch?.();
    return this.killedFor ?? 'unknown';
  }
}

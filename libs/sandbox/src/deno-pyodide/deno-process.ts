import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { DeathCause, KernelProcess } from '../protocol/kernel-process.js';
import { StartLog } from '../protocol/start-log.js';
import { watchMemory } from '../session/memory-watch.js';
import type { PyodideFiles } from './find-packages.js';
import { spawnDeno, type DenoCommand } from './spawn-deno.js';

export interface DenoStart extends DenoCommand {
  /** The first line: what the runtime needs to know; see runtime/interpreter.mjs. */
  setup: { pyodide: PyodideFiles; kernelSource: string; workspace: string };
  /** Follows that line; see snapshot.ts. */
  snapshot: Buffer | undefined;
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
    const child = spawnDeno(start);
    this.child = child;
    this.log = new StartLog(child.stderr);
    this.requests = child.stdin;
    this.replies = child.stdout;
    this.ended = this.waitForEnd(start.memoryBytes);
    const { setup, snapshot = Buffer.alloc(0) } = start;
    child.stdin.write(`${JSON.stringify({ ...setup, snapshotBytes: snapshot.length })}\n`);
    if (snapshot.length > 0) child.stdin.write(snapshot);
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

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { errorCode } from '@libs/kernel';
import type { Cgroup } from '../bubblewrap/cgroup/cgroup.js';
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
  cgroup: Cgroup | undefined;
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

  constructor(private readonly start: DenoStart) {
    const child = spawnDeno(start);
    if (child.pid !== undefined) confine(child.pid, start.cgroup);
    this.child = child;
    this.log = new StartLog(child.stderr);
    this.requests = child.stdin;
    this.replies = child.stdout;
    this.ended = this.waitForEnd();
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

  private async waitForEnd(): Promise<DeathCause> {
    const { pid } = this.child;
    const { memoryBytes, cgroup } = this.start;
    const endWatch = pid === undefined ? undefined : watchMemory(pid, memoryBytes, () => void this.kill('memory'));
    // 'error' makes once() reject: the program could not be started at all.
    await once(this.child, 'exit').catch(() => undefined);
    endWatch?.();
    const wasStarved = cgroup !== undefined && cgroup.oomKills() > 0;
    await cgroup?.remove();
    return this.killedFor ?? (wasStarved ? 'memory' : this.child.signalCode === 'SIGXCPU' ? 'processor' : 'unknown');
  }
}

/** Before it has read anything: what it does then counts in the group. */
function confine(pid: number, cgroup: Cgroup | undefined): void {
  try {
    cgroup?.add(pid);
  } catch (error) {
    // A process that has ended already cannot be put anywhere; its end tells of it.
    if (errorCode(error) === 'ESRCH') return;
    process.kill(pid, 'SIGKILL');
    throw error;
  }
}

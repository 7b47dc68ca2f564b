import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Duplex, Readable, type Writable } from 'node:stream';
import { errorCode } from '@libs/kernel';
import type { DeathCause, KernelProcess } from '../protocol/kernel-process.js';
import { StartLog } from '../protocol/start-log.js';
import type { Cgroup } from './cgroup/cgroup.js';
import { commandLine, DESCRIPTOR } from './arguments.js';
import { withDescendants } from '../session/descendants.js';
import { watchMemory } from '../session/memory-watch.js';

/** A session's limit of processes ends the hunt sooner. */
const MOST_SIGNAL_ROUNDS = 100;
const KILLED_EXIT_CODE = 128 + 9;

export interface ConfinedStart {
  bubblewrap: string;
  python: string;
  arguments: readonly string[];
  seccomp: Buffer;
  /** The kernel's program, compiled for this interpreter. */
  kernel: Buffer;
  /** What the kernel sets for itself before any code runs; see serve.py. */
  kernelLimits: Record<string, number>;
  /** Modules that it imports, under those limits, before it says that it is ready. */
  preload: readonly string[];
  owner: { uid: number; gid: number } | undefined;
  cgroup: Cgroup | undefined;
  /** Set where no control group bounds the memory: it is then polled. */
  polledMemoryBytes: number | undefined;
}

/** bubblewrap with a Python kernel inside. */
export class ConfinedProcess implements KernelProcess {
  readonly requests: Writable;
  readonly replies: Readable;
  readonly outputs: { stdout: Readable; stderr: Readable };
  readonly ended: Promise<DeathCause>;
  private readonly child: ChildProcess;
  private readonly log: StartLog;
  /** Process 1 of the new namespace, and leader of its process group; known soon after the start. */
  private innerPid: number | undefined;
  private killedFor: DeathCause | undefined;
  private endMemoryWatch: () => void = () => undefined;

  constructor(private readonly start: ConfinedStart) {
    this.child = spawn(start.bubblewrap, commandLine(start.python), {
      cwd: '/',
      env: {},
      // A Ctrl-C at the server's terminal must not reach the sandboxes.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      ...start.owner,
    });
    const control = this.pipe(DESCRIPTOR.control);
    this.requests = control;
    this.replies = control;
    this.outputs = { stdout: this.readable(1), stderr: this.readable(2) };
    this.log = new StartLog(this.outputs.stderr);
    this.ended = this.waitForEnd();
    try {
      this.begin(control);
    } catch (error) {
      // A process that was killed already cannot be put anywhere; `ended` tells of it.
      const wasKilled = errorCode(error) === 'ESRCH';
      this.child.kill('SIGKILL');
      if (!wasKilled) throw error;
    }
  }

  get startLog(): string {
    return this.log.text;
  }

  interrupt(): void {
    if (this.innerPid !== undefined && this.isRunning()) killQuietly(-this.innerPid, 'SIGINT');
  }

  pause(): void {
    this.signalAll('SIGSTOP');
  }

  resume(): void {
    this.signalAll('SIGCONT');
  }

  async kill(cause: DeathCause): Promise<void> {
    this.killedFor ??= cause;
    if (this.isRunning()) {
      if (this.innerPid !== undefined) killQuietly(this.innerPid, 'SIGKILL');
      this.child.kill('SIGKILL');
      this.start.cgroup?.killAll();
    }
    await this.ended;
  }

  /** bubblewrap does nothing before it has its arguments: until then it can be put where it belongs. */
  private begin(control: Duplex): void {
    const { start, child } = this;
    if (child.pid === undefined) return;
    start.cgroup?.add(child.pid);
    this.readInnerPid(this.pipe(DESCRIPTOR.info));
    this.pipe(DESCRIPTOR.seccomp).end(start.seccomp);
    this.pipe(DESCRIPTOR.kernel).end(start.kernel);
    const limits = Object.entries(start.kernelLimits).flatMap(([name, value]) => [name, String(value)]);
    control.write(`${JSON.stringify(limits)}\n${JSON.stringify(start.preload)}\n`);
    this.pipe(DESCRIPTOR.arguments).end(start.arguments.map((argument) => `${argument}\0`).join(''));
  }

  private readInnerPid(info: Duplex): void {
    let text = '';
    info.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1];
      if (pid === undefined || this.innerPid !== undefined || !/[\s,}]$/.test(text)) return;
      this.innerPid = Number(pid);
      const { polledMemoryBytes } = this.start;
      if (polledMemoryBytes !== undefined) {
        this.endMemoryWatch = watchMemory(this.innerPid, polledMemoryBytes, () => void this.kill('memory'));
      }
    });
  }

  private async waitForEnd(): Promise<DeathCause> {
    const [code] = (await Promise.race([
      once(this.child, 'exit'),
      // 'error' makes once() reject: the program could not be started at all.
    ]).catch(() => [undefined])) as [number | null | undefined];
    this.endMemoryWatch();
    const { cgroup } = this.start;
    const wasStarved = code === KILLED_EXIT_CODE && cgroup !== undefined && cgroup.oomKills() > 0;
    cgroup?.killAll();
    await cgroup?.remove();
    return this.killedFor ?? (wasStarved ? 'memory' : 'unknown');
  }

  /** Looks again until there is none that it has not signalled: they may start others meanwhile. */
  private signalAll(signal: NodeJS.Signals): void {
    const { innerPid } = this;
    if (innerPid === undefined || !this.isRunning()) return;
    const signalled = new Set<number>();
    for (let round = 0; round < MOST_SIGNAL_ROUNDS; round += 1) {
      const fresh = withDescendants(innerPid).filter((pid) => !signalled.has(pid));
      if (fresh.length === 0) return;
      for (const pid of fresh) {
        killQuietly(pid, signal);
        signalled.add(pid);
      }
    }
  }

  private isRunning(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  private readable(descriptor: number): Readable {
    const stream = this.child.stdio[descriptor];
    if (!(stream instanceof Readable)) throw new Error(`Descriptor ${descriptor} is no pipe.`);
    // bubblewrap may fail, or be killed, before it has read everything; its exit tells of it.
    if (stream.listenerCount('error') === 0) stream.on('error', () => undefined);
    return stream;
  }

  private pipe(descriptor: number): Duplex {
    const stream = this.readable(descriptor);
    if (!(stream instanceof Duplex)) throw new Error(`Descriptor ${descriptor} cannot be written.`);
    return stream;
  }
}

function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

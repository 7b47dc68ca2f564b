import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CgroupHome } from '../bubblewrap/cgroup/cgroup.js';
import { findCgroupHome } from '../bubblewrap/cgroup/find-cgroup-home.js';
import type { EgressOptions } from '../egress/egress-policy.js';
import { kernelSource } from '../kernel/kernel-source.js';
import { SandboxError, type EnforcedLimit, type ProbeResult, type SandboxLimits } from '../ports/sandbox-provider.js';
import { probeBySession } from '../session/probe-session.js';
import { ProviderBase, type PreparedParts } from '../session/provider-base.js';
import { isPassable, Rooms } from '../workspace/rooms.js';
import { unprivilegedOwner } from '../workspace/user-ids.js';
import { Workspace } from '../workspace/workspace.js';
import { denoArguments } from './deno-arguments.js';
import { DenoProcess } from './deno-process.js';
import { findPackages } from './find-packages.js';
import { sharedSnapshot } from './snapshot.js';
import { canLimitProcesses, type DenoCommand } from './spawn-deno.js';

export interface DenoOptions {
  /** Folder for the workspaces of sessions. */
  workspacesRoot: string;
  limits?: Partial<SandboxLimits>;
  /** Kernels that wait, ready, for the next sessions; none by default. Each takes some 400 MB: one at most waits. */
  warmKernels?: number;
  /** Processor time of one interpreter in its life; an hour by default. */
  cpuSeconds?: number;
  /** Its code reaches nothing all the same: Deno would need the network itself. */
  egress?: EgressOptions | undefined;
}

const MOST_WARM_KERNELS = 1;
/** Of one interpreter in its life: what no time limit of a call bounds is that it uses several processors. */
const CPU_SECONDS = 3600;
/** Deno's and V8's threads count as processes; the code cannot start any. */
const MOST_THREADS = 256;
const START_TIMEOUT_MS = 60_000;
/** Deno, Pyodide and Python's standard library, before any code of the user's. */
const OWN_MEMORY_BYTES = 400 * 1024 * 1024;
const RUNTIME = fileURLToPath(new URL('./runtime', import.meta.url));
const PROGRAM = join(RUNTIME, 'control.mjs');
const SNAPSHOT_PROGRAM = join(RUNTIME, 'snapshot.mjs');

/** Python as WebAssembly, in a Deno without permissions: for machines that have no bubblewrap. */
export class DenoProvider extends ProviderBase {
  readonly name = 'deno';
  private readonly packages = findPackages();
  private readonly source = kernelSource('wasm');
  private readonly dropsUser: boolean;
  private readonly rooms: Rooms;
  private readonly cgroups: CgroupHome | undefined = findCgroupHome();
  private readonly cpuSeconds: number;
  private readonly closing = new AbortController();
  /** Made with the first session's room, for all. */
  private snapshot: Promise<Buffer | undefined> | undefined;

  constructor(options: DenoOptions) {
    super({ ...options, warmKernels: Math.min(options.warmKernels ?? 0, MOST_WARM_KERNELS) });
    this.cpuSeconds = options.cpuSeconds ?? CPU_SECONDS;
    const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
    const { packages } = this;
    this.dropsUser =
      asRoot && packages !== undefined && [packages.deno, packages.pyodide.folder, PROGRAM].every(isPassable);
    this.rooms = new Rooms(options.workspacesRoot, asRoot);
  }

  async reapOrphans(): Promise<void> {
    // A Deno process ends by itself when its server does: its input ends.
    await this.cgroups?.reap();
    await this.rooms.reap(() => undefined);
  }

  protected async runProbe(): Promise<ProbeResult> {
    if (this.packages === undefined) {
      return { ok: false, reason: 'The packages deno and pyodide are missing. Install them with: npm install' };
    }
    return probeBySession(this, { isolation: 'wasm', enforces: await this.enforces() });
  }

  protected async prepare(limits: SandboxLimits): Promise<PreparedParts> {
    const { packages } = this;
    if (packages === undefined) throw new SandboxError('The packages deno and pyodide are missing.');
    const room = await this.rooms.create(limits, this.dropsUser ? unprivilegedOwner() : undefined);
    const command = (program: string): DenoCommand => ({
      deno: packages.deno,
      arguments: denoArguments({ pyodide: packages.pyodide.folder, runtime: RUNTIME, program, workspace: room.data }),
      cache: room.scratch,
      owner: room.owner,
      limits: { fileBytes: limits.maxFileBytes, cpuSeconds: this.cpuSeconds },
    });
    const memoryBytes = limits.memoryBytes + OWN_MEMORY_BYTES;
    const files = room.quotaHeld ? limits.maxWorkspaceBytes : 0;
    this.snapshot ??= sharedSnapshot(
      { ...command(SNAPSHOT_PROGRAM), limits: undefined },
      packages.pyodide,
      this.closing.signal,
    );
    const snapshot = await this.snapshot;
    return {
      workspace: new Workspace(room, limits),
      startTimeoutMs: START_TIMEOUT_MS,
      spawnKernel: () =>
        Promise.resolve(
          new DenoProcess({
            ...command(PROGRAM),
            setup: { pyodide: packages.pyodide, kernelSource: this.source, workspace: room.data },
            snapshot,
            memoryBytes,
            cgroup: this.cgroups?.create({ maxProcesses: MOST_THREADS, totalMemoryBytes: memoryBytes + files }),
          }),
        ),
    };
  }

  protected async onClose(): Promise<void> {
    this.closing.abort();
    await this.snapshot;
    await this.rooms.close();
  }

  private async enforces(): Promise<EnforcedLimit[]> {
    const limits = new Set<EnforcedLimit>(['time', 'network', 'output', 'pids', ...(this.cgroups?.enforces ?? [])]);
    if (canReadMemoryUse()) limits.add('memory');
    if (canLimitProcesses()) limits.add('file_size');
    if (await this.rooms.canBound()) limits.add('disk');
    return [...limits];
  }
}

function canReadMemoryUse(): boolean {
  try {
    return readFileSync('/proc/self/status', 'utf8').includes('VmRSS');
  } catch {
    return false;
  }
}

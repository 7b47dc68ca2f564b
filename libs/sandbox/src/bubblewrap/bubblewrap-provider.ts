import { existsSync, readdirSync, statSync } from 'node:fs';
import { errorMessage } from '@libs/kernel';
import { kernelSource } from '../kernel/kernel-source.js';
import type { EnforcedLimit, ProbeResult, SandboxLimits } from '../ports/sandbox-provider.js';
import type { KernelProcess } from '../protocol/kernel-process.js';
import { probeBySession } from '../session/probe-session.js';
import type { EgressOptions } from '../egress/egress-policy.js';
import type { EgressProxy } from '../egress/egress-proxy.js';
import type { EgressSession } from '../egress/egress-session.js';
import { openProxy } from '../egress/open-proxy.js';
import { ProviderBase, type PreparedParts } from '../session/provider-base.js';
import { Rooms } from '../workspace/rooms.js';
import type { Room } from '../workspace/room.js';
import { Workspace } from '../workspace/workspace.js';
import { confinementArguments } from './arguments.js';
import type { CgroupHome } from './cgroup/cgroup.js';
import { findCgroupHome } from './cgroup/find-cgroup-home.js';
import { ConfinedProcess } from './confined-process.js';
import { countsProcessesByNamespace, inspectInterpreter, rootFolders, type Interpreter } from './host-system.js';
import { isKnownArchitecture, seccompFilter } from './seccomp/filter.js';
import { unprivilegedOwner } from '../workspace/user-ids.js';

export interface BubblewrapOptions {
  /** Folder for the workspaces of sessions. */
  workspacesRoot: string;
  /** The interpreter, as an absolute path. */
  python: string;
  limits?: Partial<SandboxLimits>;
  /** Kernels that wait, ready, for the next sessions; none by default. */
  warmKernels?: number;
  /** What code may reach; absent: nothing. */
  egress?: EgressOptions | undefined;
  /** bubblewrap itself. */
  bubblewrap?: string;
}

interface KernelPlan {
  room: Room;
  limits: SandboxLimits;
  interpreter: Interpreter;
  preload: readonly string[];
  proxy: EgressProxy | undefined;
}

const START_TIMEOUT_MS = 20_000;
const MAX_DESCRIPTORS = 256;
/** With less, pandas and matplotlib do not start: address space is reserved that is never used. */
const LEAST_DATA_BYTES = 512 * 1024 * 1024;

/** Python in namespaces of its own, made by bubblewrap; for Linux with unprivileged user namespaces. */
export class BubblewrapProvider extends ProviderBase {
  readonly name = 'bubblewrap';
  protected override readonly letsOut = true;
  private readonly asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  private readonly bubblewrap: string;
  private readonly rooms: Rooms;
  private readonly cgroups: CgroupHome | undefined = findCgroupHome();
  private interpreter: Promise<Interpreter> | undefined;

  constructor(private readonly options: BubblewrapOptions) {
    super(options);
    this.bubblewrap = options.bubblewrap ?? '/usr/bin/bwrap';
    this.rooms = new Rooms(options.workspacesRoot, this.asRoot);
  }

  async reapOrphans(): Promise<void> {
    await this.cgroups?.reap();
    await this.rooms.reap((uid) => {
      if (this.asRoot && uid !== 0) killProcessesOf(uid);
    });
  }

  protected async runProbe(): Promise<ProbeResult> {
    if (process.platform !== 'linux') return { ok: false, reason: 'bubblewrap needs Linux.' };
    if (!isKnownArchitecture(process.arch)) return { ok: false, reason: `There is no filter for ${process.arch}.` };
    if (!existsSync(this.bubblewrap)) {
      return { ok: false, reason: `${this.bubblewrap} is missing. Install it with: apt install bubblewrap` };
    }
    return probeBySession(this, { isolation: 'namespaces', enforces: await this.enforces() });
  }

  protected async prepare(limits: SandboxLimits, egress: EgressSession | undefined): Promise<PreparedParts> {
    this.interpreter ??= inspectInterpreter(this.options.python, kernelSource('process'));
    const interpreter = await this.interpreter;
    const room = await this.rooms.create(limits, this.asRoot ? unprivilegedOwner() : undefined);
    const proxy = await openProxy(room, egress);
    return {
      workspace: new Workspace(room, limits),
      proxy,
      startTimeoutMs: START_TIMEOUT_MS,
      spawnKernel: (preload) => Promise.resolve(this.spawnKernel({ room, limits, interpreter, preload, proxy })),
    };
  }

  protected async onClose(): Promise<void> {
    await this.rooms.close();
  }

  private spawnKernel({ room, limits, interpreter, preload, proxy }: KernelPlan): KernelProcess {
    if (!isKnownArchitecture(process.arch)) throw new Error(`There is no filter for ${process.arch}.`);
    // Files of a tmpfs are memory of whoever wrote them; the interpreter's own is bounded by RLIMIT_DATA as well.
    const files = room.quotaHeld ? limits.maxWorkspaceBytes : 0;
    const boundsMemory = this.cgroups?.enforces.includes('memory') ?? false;
    const { data, scratch, owner } = room;
    const maxProcesses = limits.maxProcesses + (proxy === undefined ? 0 : 1);
    return new ConfinedProcess({
      bubblewrap: this.bubblewrap,
      python: this.options.python,
      arguments: confinementArguments({
        pythonFolders: interpreter.folders,
        rootFolders: rootFolders(),
        data,
        scratch,
        proxySocket: proxy?.socket,
      }),
      seccomp: seccompFilter(process.arch, proxy === undefined ? 'local' : 'tcp'),
      kernel: interpreter.kernel,
      kernelLimits: this.kernelLimits({ ...limits, maxProcesses }),
      preload,
      owner,
      cgroup: this.cgroups?.create({ maxProcesses, totalMemoryBytes: limits.memoryBytes + files }),
      polledMemoryBytes: boundsMemory ? undefined : limits.memoryBytes,
    });
  }

  private kernelLimits(limits: SandboxLimits): Record<string, number> {
    return {
      ...(this.countsProcesses() ? { processes: limits.maxProcesses + 2 } : {}),
      fileBytes: limits.maxFileBytes,
      descriptors: MAX_DESCRIPTORS,
      dataBytes: Math.max(LEAST_DATA_BYTES, limits.memoryBytes),
    };
  }

  /** Whether RLIMIT_NPROC counts this session's processes and no others. */
  private countsProcesses(): boolean {
    return this.asRoot || countsProcessesByNamespace();
  }

  private async enforces(): Promise<EnforcedLimit[]> {
    const always = ['time', 'network', 'output', 'memory', 'file_size'] as const;
    const limits = new Set<EnforcedLimit>([...always, ...(this.cgroups?.enforces ?? [])]);
    if (this.countsProcesses()) limits.add('pids');
    if (await this.rooms.canBound()) limits.add('disk');
    return [...limits];
  }
}

/** As root each session has a user id of its own: whatever still runs under it is a leftover. */
function killProcessesOf(uid: number): void {
  for (const pid of readdirSync('/proc').map(Number)) {
    try {
      if (pid > 1 && statSync(`/proc/${pid}`).uid === uid) process.kill(pid, 'SIGKILL');
    } catch (error) {
      // Processes come and go while this looks.
      void errorMessage(error);
    }
  }
}

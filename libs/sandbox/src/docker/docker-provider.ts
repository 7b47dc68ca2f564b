import type Docker from 'dockerode';
import { errorMessage } from '@libs/kernel';
import type { EgressOptions } from '../egress/egress-policy.js';
import type { EgressSession } from '../egress/egress-session.js';
import { openProxy } from '../egress/open-proxy.js';
import { SandboxError, type EnforcedLimit, type ProbeResult, type SandboxLimits } from '../ports/sandbox-provider.js';
import type { KernelProcess } from '../protocol/kernel-process.js';
import { probeBySession } from '../session/probe-session.js';
import { ProviderBase, type PreparedParts } from '../session/provider-base.js';
import { isDeadOwner } from '../workspace/owner.js';
import { Rooms } from '../workspace/rooms.js';
import { unprivilegedOwner } from '../workspace/user-ids.js';
import { Workspace } from '../workspace/workspace.js';
import { answered, ENGINE_PATIENCE_MS } from './answered.js';
import { LABEL } from './container-options.js';
import { inspectEngine, openEngine, type EngineFacts } from './engine.js';
import { removeContainer } from './remove-container.js';
import { startContainer } from './start-container.js';

export interface DockerOptions {
  /** Folder for the workspaces of sessions, which the engine must see under the same path. */
  workspacesRoot: string;
  /** A socket's path, or unix://, tcp:// or http:// and the address. */
  socket: string;
  /** An image with python3, and whatever modules the code shall have. */
  image: string;
  /** OCI runtime of the containers, such as `runsc`; absent: the engine's own choice. */
  runtime?: string | undefined;
  limits?: Partial<SandboxLimits>;
  /** Kernels that wait, ready, for the next sessions; none by default. */
  warmKernels?: number;
  /** Time that the engine has for an answer; a minute by default. */
  patienceMs?: number;
  /** What code may reach; absent: nothing. */
  egress?: EgressOptions | undefined;
}

const START_TIMEOUT_MS = 60_000;
const GVISOR_RUNTIMES = ['runsc', 'gvisor'];
const VM_RUNTIMES = ['kata', 'kata-runtime', 'krun'];

/** Python in containers of an engine that speaks Docker's API, one for each session. */
export class DockerProvider extends ProviderBase {
  readonly name = 'docker';
  protected override readonly letsOut = true;
  private readonly engine: Docker;
  private readonly rooms: Rooms;
  private readonly patienceMs: number;
  private readonly asRoot = process.getuid?.() === 0;
  private facts: Promise<EngineFacts> | undefined;

  constructor(private readonly options: DockerOptions) {
    super(options);
    this.engine = openEngine(options.socket);
    this.patienceMs = options.patienceMs ?? ENGINE_PATIENCE_MS;
    this.rooms = new Rooms(options.workspacesRoot, this.asRoot);
  }

  /** First the containers: they hold the workspaces. Those of servers on other machines are left alone. */
  async reapOrphans(): Promise<void> {
    const filters = { label: [LABEL.owner] };
    for (const { Id, Labels } of await this.asked(this.engine.listContainers({ all: true, filters }))) {
      if (!isDeadOwner(Labels[LABEL.owner] ?? '')) continue;
      await removeContainer(this.engine.getContainer(Id), this.patienceMs);
    }
    await this.rooms.reap(() => undefined);
  }

  protected async runProbe(): Promise<ProbeResult> {
    const whyNot = await this.whyUnusable();
    if (whyNot !== undefined) return { ok: false, reason: whyNot };
    return probeBySession(this, { isolation: isolationOf(this.options.runtime), enforces: await this.enforces() });
  }

  protected async prepare(limits: SandboxLimits, egress: EgressSession | undefined): Promise<PreparedParts> {
    const { isPodman } = await this.inspectOnce();
    const room = await this.rooms.create(limits, this.asRoot ? unprivilegedOwner() : undefined);
    const { image, runtime } = this.options;
    const proxy = await openProxy(room, egress);
    return {
      workspace: new Workspace(room, limits),
      proxy,
      startTimeoutMs: START_TIMEOUT_MS,
      spawnKernel: (preload): Promise<KernelProcess> =>
        startContainer(this.engine, {
          image,
          runtime,
          isPodman,
          room,
          limits,
          preload,
          proxy,
          patienceMs: this.patienceMs,
        }),
    };
  }

  protected async onClose(): Promise<void> {
    await this.rooms.close();
  }

  private async whyUnusable(): Promise<string | undefined> {
    const { image, socket } = this.options;
    if (process.getuid === undefined) return 'The server must run on the Linux machine of the engine.';
    try {
      await this.inspectOnce();
    } catch (error) {
      return `No engine answers at ${socket}: ${errorMessage(error instanceof Error ? (error.cause ?? error) : error)}`;
    }
    try {
      await this.asked(this.engine.getImage(image).inspect());
      return undefined;
    } catch (error) {
      return `The engine has no image ${image} (${errorMessage(error)}). deploy/sandbox-image.sh makes it.`;
    }
  }

  private inspectOnce(): Promise<EngineFacts> {
    this.facts ??= inspectEngine(this.engine, this.patienceMs).catch((error: unknown) => {
      // It may answer the next time.
      this.facts = undefined;
      throw error;
    });
    return this.facts;
  }

  private asked<Answer>(question: Promise<Answer>): Promise<Answer> {
    return answered(question, this.patienceMs);
  }

  private async enforces(): Promise<EnforcedLimit[]> {
    const { enforces } = await this.inspectOnce();
    const missing = (['memory', 'pids'] as const).filter((limit) => !enforces.includes(limit));
    if (missing.length > 0) throw new SandboxError(`The engine's machine cannot bound ${missing.join(' and ')}.`);
    return [
      'time',
      'network',
      'output',
      'file_size',
      ...enforces,
      ...((await this.rooms.canBound()) ? (['disk'] as const) : []),
    ];
  }
}

function isolationOf(runtime: string | undefined): 'namespaces' | 'gvisor' | 'vm' {
  if (runtime === undefined) return 'namespaces';
  if (GVISOR_RUNTIMES.includes(runtime)) return 'gvisor';
  return VM_RUNTIMES.includes(runtime) ? 'vm' : 'namespaces';
}

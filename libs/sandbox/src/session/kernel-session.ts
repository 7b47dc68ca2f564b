import type { Readable } from 'node:stream';
import { SandboxError, type RunCodeOptions, type SandboxEvent, type SandboxLimits } from '../ports/sandbox-provider.js';
import type { SandboxSession, WorkspaceFile } from '../ports/sandbox-provider.js';
import type { EgressProxy } from '../egress/egress-proxy.js';
import { type KernelLink } from '../protocol/kernel-link.js';
import type { DeathCause, KernelProcess } from '../protocol/kernel-process.js';
import type { Workspace } from '../workspace/workspace.js';
import { watchUsage } from '../workspace/usage-watch.js';
import { decideStatus } from './call-status.js';
import { Call } from './call.js';
import { startKernel } from './start-kernel.js';

export interface SessionParts {
  workspace: Workspace;
  limits: SandboxLimits;
  /** A new interpreter on this workspace, which imports these modules before it is ready. */
  spawnKernel: (preload: readonly string[]) => Promise<KernelProcess>;
  /** Longest time until a kernel is ready. */
  startTimeoutMs: number;
  /** The session's way out, where it has one. */
  proxy?: EgressProxy | undefined;
  /** After the kernel's end and the workspace's removal. */
  onDisposed: () => void;
}

/** A session on whatever process runs the kernel. */
export class KernelSession implements SandboxSession {
  private link: KernelLink | undefined;
  /** The latest interpreter, from its start on: a session may be disposed of before it is ready. */
  private process: KernelProcess | undefined;
  private isRunning = false;
  private stateLost = false;
  private disposal: Promise<void> | undefined;

  constructor(private readonly parts: SessionParts) {}

  /** Starts the interpreter ahead of the first call, with modules that the code will probably want. */
  async open(preload: readonly string[] = []): Promise<void> {
    await this.liveLink(preload);
  }

  /** Whether the interpreter that `open` started still lives. */
  get isReady(): boolean {
    return this.link !== undefined && this.disposal === undefined;
  }

  async *run(code: string, options: RunCodeOptions = {}): AsyncGenerator<SandboxEvent, void, undefined> {
    if (this.isRunning) throw new SandboxError('A call is running in this session already.');
    this.isRunning = true;
    try {
      yield* this.runCall(code, options);
    } finally {
      this.isRunning = false;
    }
  }

  putFile(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    this.assertUsable();
    return this.parts.workspace.put(name, content);
  }

  async listFiles(): Promise<WorkspaceFile[]> {
    this.assertUsable();
    return this.parts.workspace.list();
  }

  async openFile(name: string): Promise<{ bytes: number; stream: Readable }> {
    this.assertUsable();
    return this.parts.workspace.open(name);
  }

  pause(): void {
    if (!this.isRunning) this.link?.process.pause();
  }

  dispose(): Promise<void> {
    this.disposal ??= this.end();
    return this.disposal;
  }

  private async *runCall(code: string, options: RunCodeOptions): AsyncGenerator<SandboxEvent, void, undefined> {
    const link = await this.liveLink();
    if (options.signal?.aborted) {
      yield { type: 'done', status: 'cancelled', stateLost: false, message: 'The call was cancelled.' };
      return;
    }
    link.process.resume();
    const limits = { ...this.parts.limits, timeoutMs: options.timeoutMs ?? this.parts.limits.timeoutMs };
    const call = new Call(link, limits, options.signal);
    const wasLost = this.stateLost;
    this.stateLost = false;
    try {
      call.start(code);
      yield* call.events();
    } finally {
      // The consumer may have left early: the code must not run on unseen.
      call.stop('cancelled');
      const { death } = await call.outcome;
      if (death !== undefined) this.forget(link);
    }
    const { images, ...facts } = await call.outcome;
    yield* this.filesOf(images);
    const verdict = decideStatus({ ...facts, diskFull: await this.parts.workspace.isFull() }, limits);
    yield { type: 'done', ...verdict, stateLost: wasLost || facts.death !== undefined };
  }

  /** The kernel names its images; only such as this call really left in the workspace are believed. */
  private async *filesOf(images: readonly string[]): AsyncGenerator<SandboxEvent, void, undefined> {
    const changes = await this.parts.workspace.takeChanges();
    const names = new Set(changes.map((file) => file.name));
    for (const name of images) {
      if (names.has(name)) yield { type: 'image', name };
    }
    for (const file of changes) yield { type: 'file', ...file };
  }

  private async liveLink(preload: readonly string[] = []): Promise<KernelLink> {
    this.assertUsable();
    if (this.link !== undefined) return this.link;
    const spawn = async (): Promise<KernelProcess> => (this.process = await this.parts.spawnKernel(preload));
    const link = await startKernel(spawn, this.parts.startTimeoutMs);
    if (this.disposal !== undefined) {
      await link.process.kill('unknown');
      this.assertUsable();
    }
    this.link = link;
    void this.watch(link);
    return link;
  }

  private async watch(link: KernelLink): Promise<void> {
    const { workspace, limits } = this.parts;
    const endWatch = workspace.room.quotaHeld
      ? undefined
      : watchUsage(workspace.room, limits, () => void link.process.kill('disk'));
    await link.process.ended;
    endWatch?.();
    this.forget(link);
  }

  private forget(link: KernelLink): void {
    if (this.link !== link) return;
    this.link = undefined;
    this.stateLost = true;
  }

  private assertUsable(): void {
    if (this.disposal !== undefined) throw new SandboxError('The session has ended.');
  }

  private async end(): Promise<void> {
    const cause: DeathCause = 'unknown';
    await this.process?.kill(cause);
    await this.parts.proxy?.close();
    await this.parts.workspace.room.remove();
    this.parts.onDisposed();
  }
}

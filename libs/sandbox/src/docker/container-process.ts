import { PassThrough, type Duplex, type Readable, type Writable } from 'node:stream';
import type { Container } from 'dockerode';
import { errorMessage } from '@libs/kernel';
import type { DeathCause, KernelProcess } from '../protocol/kernel-process.js';
import { StartLog } from '../protocol/start-log.js';
import { answered } from './answered.js';
import { FrameSplitter } from './frames.js';
import { memoryGroupOf } from './memory-group.js';
import { CHANNEL } from './relay/relay-source.js';
import { removeContainer } from './remove-container.js';

/** Channels of the engine's own frames. */
const ENGINE_STDOUT = 1;
const ENGINE_STDERR = 2;

type RelayOrder = 'interrupt' | 'pause' | 'resume';

/** A kernel behind a relay, in a container to which the server is attached. */
export class ContainerProcess implements KernelProcess {
  readonly requests: Writable;
  readonly replies = new PassThrough();
  readonly outputs = { stdout: new PassThrough(), stderr: new PassThrough() };
  readonly ended: Promise<DeathCause>;
  private readonly complaints = new PassThrough();
  private readonly log = new StartLog(this.complaints);
  private readonly engineFrames = new FrameSplitter();
  private readonly relayFrames = new FrameSplitter();
  private readonly byChannel: ReadonlyMap<number, PassThrough>;
  private oomKills: (() => number) | undefined;
  private cause: DeathCause | undefined;
  private hasEnded = false;

  /**
   * @param attached The container's stdin, stdout and stderr, framed as the engine does.
   * @param wait Resolves when the container runs no more.
   * @param patienceMs Time that the engine has for each answer.
   */
  constructor(
    private readonly container: Container,
    private readonly attached: Duplex,
    wait: Promise<unknown>,
    private readonly patienceMs: number,
  ) {
    this.requests = attached;
    this.byChannel = new Map([
      [CHANNEL.replies, this.replies],
      [CHANNEL.stdout, this.outputs.stdout],
      [CHANNEL.stderr, this.outputs.stderr],
    ]);
    attached.on('data', (chunk: Buffer) => this.take(chunk));
    attached.on('error', () => undefined);
    attached.on('close', () => this.onDetached());
    this.ended = this.waitForEnd(wait);
  }

  get startLog(): string {
    return this.log.text;
  }

  /** Once it runs: finds where the system counts what it kills there. */
  async watchMemory(): Promise<void> {
    const { State } = await answered(this.container.inspect(), this.patienceMs);
    this.oomKills = memoryGroupOf(this.container.id, State.Pid);
  }

  interrupt(): void {
    this.order('interrupt');
  }

  pause(): void {
    this.order('pause');
  }

  resume(): void {
    this.order('resume');
  }

  async kill(cause: DeathCause): Promise<void> {
    this.cause ??= cause;
    // It may have ended a moment ago.
    if (!this.hasEnded) await this.asked(this.container.kill({ signal: 'SIGKILL' }));
    // An engine that is silent does not tell of the end either: the next start removes what it has left.
    await this.asked(this.ended);
  }

  private order(name: RelayOrder): void {
    if (!this.hasEnded) this.attached.write(`${JSON.stringify(name)}\n`);
  }

  private take(chunk: Buffer): void {
    let mustWait: Readable | undefined;
    for (const { channel, data } of this.engineFrames.push(chunk)) {
      if (channel === ENGINE_STDERR) this.complaints.write(data);
      if (channel !== ENGINE_STDOUT) continue;
      for (const inner of this.relayFrames.push(data)) {
        if (inner.channel === CHANNEL.ended) this.onKernelEnded();
        const stream = this.byChannel.get(inner.channel);
        if (stream !== undefined && inner.data.length > 0 && !stream.write(inner.data)) mustWait = stream;
      }
    }
    if (mustWait === undefined) return;
    this.attached.pause();
    mustWait.once('drain', () => this.attached.resume());
  }

  /** The relay waits for a moment, in which the container can still be looked at; what it knows goes with it. */
  private onKernelEnded(): void {
    if ((this.oomKills?.() ?? 0) > 0) this.cause ??= 'memory';
    this.attached.end();
  }

  private onDetached(): void {
    for (const stream of [...this.byChannel.values(), this.complaints]) stream.end();
    // The relay ends when its input does; an engine that has lost the connection may not have told it.
    void this.kill('unknown');
  }

  private async waitForEnd(wait: Promise<unknown>): Promise<DeathCause> {
    // An engine that goes away in the meantime leaves nothing to wait for.
    await wait.catch((error: unknown) => this.complaints.write(errorMessage(error)));
    this.hasEnded = true;
    const cause = this.cause ?? ((await this.wasStarved()) ? 'memory' : 'unknown');
    await removeContainer(this.container, this.patienceMs).catch(() => undefined);
    return cause;
  }

  /** What the engine does not do, or not in time, is passed over. */
  private async asked(question: Promise<unknown>): Promise<void> {
    await answered(question, this.patienceMs).catch(() => undefined);
  }

  private async wasStarved(): Promise<boolean> {
    const { State } = await answered(this.container.inspect(), this.patienceMs).catch(() => ({
      State: { OOMKilled: false },
    }));
    return State.OOMKilled;
  }
}

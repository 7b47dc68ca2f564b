import { PassThrough, type Duplex, type Readable, type Writable } from 'node:stream';
import type { Container } from 'dockerode';
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
  private ending: Promise<void> | undefined;
  private markEnded: (cause: DeathCause) => void = () => undefined;

  /**
   * @param attached The container's stdin, stdout and stderr, framed as the engine does.
   * @param patienceMs Time that the engine has for each answer.
   */
  constructor(
    private readonly container: Container,
    private readonly attached: Duplex,
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
    this.ended = new Promise((resolve) => (this.markEnded = resolve));
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

  kill(cause: DeathCause): Promise<void> {
    this.cause ??= cause;
    return this.end();
  }

  private order(name: RelayOrder): void {
    if (this.ending === undefined) this.attached.write(`${JSON.stringify(name)}\n`);
  }

  private take(chunk: Buffer): void {
    let mustWait: Readable | undefined;
    for (const { channel, data } of this.engineFrames.push(chunk)) {
      if (channel === ENGINE_STDERR) this.complaints.write(data);
      if (channel !== ENGINE_STDOUT) continue;
      for (const inner of this.relayFrames.push(data)) {
        if (inner.channel === CHANNEL.ended) this.onKernelEnded();
        const stream = this.byChannel.get(inner.channel);
        if (stream === undefined || inner.data.length === 0) continue;
        const isForNobody = this.ending !== undefined && stream.writableNeedDrain;
        if (!isForNobody && !stream.write(inner.data)) mustWait = stream;
      }
    }
    if (mustWait === undefined || this.ending !== undefined) return;
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
    void this.end();
  }

  /** Once its connection has ended or it has to. Before that the engine is not asked to wait: podman looks without a pause. */
  private end(): Promise<void> {
    this.ending ??= this.remove();
    // An engine whose output nobody takes cannot end the container either.
    this.attached.resume();
    return this.ending;
  }

  /** Kills it as well. What an engine that is silent or away does not do is left to the server's next start. */
  private async remove(): Promise<void> {
    this.cause ??= (await this.wasStarved()) ? 'memory' : 'unknown';
    await removeContainer(this.container, this.patienceMs).catch(() => undefined);
    this.markEnded(this.cause);
  }

  private async wasStarved(): Promise<boolean> {
    try {
      // An engine that has lost the connection may not have told the relay, which ends when its input does.
      await this.asked(this.container.kill({ signal: 'SIGKILL' })).catch(() => undefined);
      await this.asked(this.container.wait());
      return (await this.asked(this.container.inspect())).State.OOMKilled;
    } catch {
      return false;
    }
  }

  private asked<Answer>(question: Promise<Answer>): Promise<Answer> {
    return answered(question, this.patienceMs);
  }
}

import { StringDecoder } from 'node:string_decoder';
import { EventQueue } from '../protocol/event-queue.js';
import type { KernelLink } from '../protocol/kernel-link.js';
import type { KernelMessage } from '../protocol/kernel-message.js';
import { OutputBudget } from '../protocol/output-budget.js';
import type { SandboxEvent, SandboxLimits } from '../ports/sandbox-provider.js';
import type { CallFacts, StopCause } from './call-status.js';

/** From the interrupt to the kill. */
const GRACE_MS = 2_000;
/** os.system() lets the first interrupt end its child only; the second reaches the code. */
const SECOND_INTERRUPT_MS = 500;
/** Output past its cap is thrown away, but reading it costs the host: past this much more the call is stopped. */
const FLOOD_BYTES = 64 * 1024 * 1024;
/** Images that one call may claim, and kernel messages that are looked at. */
const MAX_IMAGES = 100;
const MAX_RESULTS = 100;

export type CallOutcome = Omit<CallFacts, 'diskFull'> & { images: readonly string[] };

/** One cell on its way: output as it comes, the time limit, cancelling, and what became of it. */
export class Call {
  readonly outcome: Promise<CallOutcome>;
  private readonly queue = new EventQueue();
  private readonly budget: OutputBudget;
  private readonly decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly images = new Set<string>();
  private results = 0;
  private received = 0;
  private settled = false;
  private stopped: StopCause | undefined;
  private claimed: CallFacts['claimed'];
  private resolve: (outcome: CallOutcome) => void = () => undefined;
  private readonly onAbort = (): void => this.stop('cancelled');

  constructor(
    private readonly link: KernelLink,
    private readonly limits: SandboxLimits,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.budget = new OutputBudget(limits.maxOutputBytes);
    this.outcome = new Promise((resolve) => (this.resolve = resolve));
  }

  start(code: string): void {
    this.timers.push(setTimeout(() => this.stop('timeout'), this.limits.timeoutMs));
    this.signal?.addEventListener('abort', this.onAbort, { once: true });
    this.link.start(code, {
      onOutput: (stream, bytes) => this.emitText(stream, this.decoders[stream].write(bytes)),
      onMessage: (message) => this.onMessage(message),
      onReceived: (bytes) => this.onReceived(bytes),
      onFinished: () => this.settle(undefined),
      onDeath: (cause) => this.settle(cause),
    });
  }

  /** Output and results, until the call has ended. */
  events(): AsyncIterable<SandboxEvent> {
    return this.queue.drain();
  }

  /** Interrupts the code; what has not ended within the grace is killed. */
  stop(cause: StopCause): void {
    if (this.settled || this.stopped !== undefined) return;
    this.stopped = cause;
    const { process } = this.link;
    process.interrupt();
    this.timers.push(setTimeout(() => process.interrupt(), SECOND_INTERRUPT_MS));
    this.timers.push(setTimeout(() => void process.kill('unknown'), GRACE_MS));
  }

  private settle(death: CallFacts['death']): void {
    if (this.settled) return;
    this.settled = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.signal?.removeEventListener('abort', this.onAbort);
    for (const stream of ['stdout', 'stderr'] as const) this.emitText(stream, this.decoders[stream].end());
    this.queue.close();
    const claimed = death === undefined ? this.claimed : undefined;
    this.resolve({ stopped: this.stopped, claimed, death, outputCut: this.budget.cut, images: [...this.images] });
  }

  private onMessage(message: KernelMessage): void {
    switch (message.type) {
      case 'stdout':
      case 'stderr':
        return this.emitText(message.type, message.text);
      case 'result':
        this.results += 1;
        return this.results <= MAX_RESULTS ? this.emitText('result', message.text) : undefined;
      case 'image':
        if (this.images.size < MAX_IMAGES) this.images.add(message.name);
        return;
      case 'done':
        this.claimed ??= message.status;
        return;
      case 'ready':
        return;
    }
  }

  private emitText(type: 'stdout' | 'stderr' | 'result', text: string): void {
    const kept = this.budget.take(text);
    if (kept !== '') this.queue.push({ type, text: kept });
  }

  private onReceived(bytes: number): void {
    this.received += bytes;
    if (this.received > this.limits.maxOutputBytes + FLOOD_BYTES) this.stop('flood');
  }
}

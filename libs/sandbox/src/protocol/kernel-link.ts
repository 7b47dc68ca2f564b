import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { sleep } from '@libs/kernel';
import { parseKernelMessage, type KernelMessage } from './kernel-message.js';
import type { DeathCause, KernelProcess } from './kernel-process.js';
import { LineSplitter } from './line-splitter.js';
import { MarkScanner } from './mark-scanner.js';

/** A result of 200,000 characters fits even if each is written as an escape. */
const MAX_LINE_BYTES = 2 * 1024 * 1024;
/** A line that means nothing counts as so many bytes: looking at it costs the host more than reading it. */
const VAIN_LINE_BYTES = 8 * 1024;
/** What comes after so many is not looked at: the call has been stopped by then. */
const MOST_VAIN_LINES = 20_000;
const DRAIN_TIMEOUT_MS = 1_000;

export interface CallListener {
  onOutput(stream: 'stdout' | 'stderr', bytes: Buffer): void;
  onMessage(message: KernelMessage): void;
  /** Every byte that came in, messages and junk included. */
  onReceived(bytes: number): void;
  /** The kernel said `done`, and all output before it has been handed over. */
  onFinished(): void;
  /** The kernel died in the call; what it had written before was handed over. */
  onDeath(cause: DeathCause): void;
}

interface ActiveCall {
  nonce: string;
  listener: CallListener;
  scanners: { stdout: MarkScanner; stderr: MarkScanner } | undefined;
  saidDone: boolean;
  /** Lines that meant nothing. */
  vainLines: number;
}

/** Speaks with one kernel. Reads only while it starts and during calls: between them a flood stays in the pipe. */
export class KernelLink {
  private readonly splitter = new LineSplitter(MAX_LINE_BYTES);
  private call: ActiveCall | undefined;
  private isReady = false;
  private death: DeathCause | undefined;
  private markReady: () => void = () => undefined;
  /** Resolves when the kernel can take a call; stays pending if it dies first. */
  readonly ready = new Promise<void>((resolve) => (this.markReady = resolve));

  constructor(readonly process: KernelProcess) {
    process.replies.on('data', (chunk: Buffer) => this.onReplies(chunk));
    process.outputs?.stdout.on('data', (chunk: Buffer) => this.onOutput('stdout', chunk));
    process.outputs?.stderr.on('data', (chunk: Buffer) => this.onOutput('stderr', chunk));
    void this.reportDeath();
    for (const stream of [...this.readables(), process.requests]) {
      // A dead kernel's pipes fail; `ended` tells of it.
      stream.on('error', () => undefined);
    }
  }

  /** Sends one call to a kernel that is ready. */
  start(code: string, listener: CallListener): void {
    if (this.death !== undefined) return listener.onDeath(this.death);
    // Starts with a byte that text hardly bears, so that output is not held back in search of the mark.
    const nonce = `\u001e${randomBytes(16).toString('hex')}`;
    const mark = Buffer.from(nonce);
    const scanners = this.process.outputs && { stdout: new MarkScanner(mark), stderr: new MarkScanner(mark) };
    this.call = { nonce, listener, scanners, saidDone: false, vainLines: 0 };
    for (const stream of this.readables()) stream.resume();
    this.process.requests.write(`${JSON.stringify([nonce, code])}\n`);
  }

  /** Ends the listening. Hands over output that was held back as a possible mark. */
  finish(): void {
    const call = this.call;
    if (call?.scanners) {
      for (const stream of ['stdout', 'stderr'] as const) {
        const rest = call.scanners[stream].flush();
        if (rest.length > 0) call.listener.onOutput(stream, rest);
      }
    }
    this.call = undefined;
    if (this.isReady) for (const stream of this.readables()) stream.pause();
  }

  /** Resolves when a dead kernel's streams have ended, or should have. */
  async drained(): Promise<void> {
    const ends = this.readables().map(closed);
    const timer = new AbortController();
    await Promise.race([Promise.all(ends), sleep(DRAIN_TIMEOUT_MS, timer.signal)]);
    timer.abort();
  }

  /** One waiting for the whole life of the kernel: each call's own would keep that call in memory. */
  private async reportDeath(): Promise<void> {
    const cause = await this.process.ended;
    this.death = cause;
    if (this.call === undefined) return;
    await this.drained();
    const listener = this.call?.listener;
    this.finish();
    listener?.onDeath(cause);
  }

  private readables(): Readable[] {
    const { replies, outputs } = this.process;
    return outputs ? [replies, outputs.stdout, outputs.stderr] : [replies];
  }

  private onReplies(chunk: Buffer): void {
    this.call?.listener.onReceived(chunk.length);
    for (const line of this.splitter.push(chunk)) {
      if (!this.isReady && parseKernelMessage(line, '')?.type === 'ready') {
        this.isReady = true;
        this.markReady();
        this.finish();
        continue;
      }
      const call = this.call;
      if (call === undefined || call.vainLines > MOST_VAIN_LINES) continue;
      const message = parseKernelMessage(line, call.nonce);
      if (message === undefined) {
        call.vainLines += 1;
        call.listener.onReceived(VAIN_LINE_BYTES);
        continue;
      }
      if (message.type === 'done') call.saidDone = true;
      call.listener.onMessage(message);
      this.finishIfComplete();
    }
  }

  private onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    const call = this.call;
    if (call?.scanners === undefined) return;
    call.listener.onReceived(chunk.length);
    const bytes = call.scanners[stream].push(chunk);
    if (bytes.length > 0) call.listener.onOutput(stream, bytes);
    this.finishIfComplete();
  }

  private finishIfComplete(): void {
    const call = this.call;
    if (!call?.saidDone || call.scanners?.stdout.done === false || call.scanners?.stderr.done === false) return;
    this.finish();
    call.listener.onFinished();
  }
}

/** A kernel that is killed before it has read everything breaks its streams: that is an end like any other. */
function closed(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', resolve);
  });
}

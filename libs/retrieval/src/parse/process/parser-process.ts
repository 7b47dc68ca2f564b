import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { Readable, type Writable } from 'node:stream';
import { errorCode } from '@libs/kernel';
import { encodeHead, FrameReader, type Frame } from './frame.js';
import { launch as launchParser, REPLY_DESCRIPTOR, type Launch, type LaunchLimits } from './launch.js';
import { residentBytes } from './memory-watch.js';
import type { RequestHead } from './messages.js';

const WATCH_EVERY_MS = 50;
/** What writing to a process gives whose end is not known yet. */
const BROKEN_PIPES: readonly (string | undefined)[] = ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'];
const MAX_HEAD_BYTES = 32 * 1024 * 1024;
/** Of one UTF-16 unit in UTF-8. */
const MOST_BYTES_OF_A_UNIT = 3;

/** Of a shell that cannot become the parser. */
const NOT_STARTED: readonly (number | null)[] = [126, 127];

/** Why a process ended before it replied. `launch`: it did not begin to read. */
export type DeathCause = 'launch' | 'time' | 'memory' | 'output' | 'aborted' | 'crash' | 'closed';

export class ParserDiedError extends Error {
  constructor(
    readonly death: DeathCause,
    options?: ErrorOptions,
  ) {
    super(`The parser ended: ${death}.`, options);
  }
}

export interface ProcessLimits extends LaunchLimits {
  /** For one file. */
  timeMs: number;
  /** Default: a child process without rights. */
  launch?: Launch | undefined;
}

/** A process that reads one file after another. It is of no use once it has died or was killed. */
export class ParserProcess {
  /** Milliseconds that it has spent on files. */
  busyMs = 0;
  filesRead = 0;
  private readonly child: ChildProcess;
  private death: DeathCause | null = null;
  private readonly ended: Promise<never>;

  /** Throws ParserDiedError where the system has no room for a process. */
  constructor(private readonly limits: ProcessLimits) {
    this.child = started(limits);
    this.ended = new Promise((_, reject) => {
      const end = (cause: DeathCause, reason?: Error): void => {
        this.death ??= cause;
        reject(new ParserDiedError(this.death, { cause: reason }));
      };
      this.child.once('exit', (code) => end(NOT_STARTED.includes(code) ? 'launch' : 'crash'));
      this.child.once('error', (error) => end(this.child.pid === undefined ? 'launch' : 'crash', error));
    });
    this.ended.catch(() => undefined);
    // What is written to a dying process is lost; its end tells.
    this.requests.on('error', () => undefined);
    this.replies.on('error', () => undefined);
    this.unref();
  }

  get alive(): boolean {
    return this.death === null;
  }

  /** Bytes it holds; 0 where that cannot be told. */
  get memoryBytes(): number {
    return residentBytes(this.child.pid ?? 0) ?? 0;
  }

  /**
   * @param file `bytes` long
   * @throws ParserDiedError, what reading the file throws, and the signal's reason. The process is then dead.
   */
  async parse(head: RequestHead, file: Readable, bytes: number, signal?: AbortSignal): Promise<Frame> {
    signal?.throwIfAborted();
    const began = performance.now();
    const abort = (): void => this.kill('aborted');
    signal?.addEventListener('abort', abort, { once: true });
    const watch = setInterval(() => this.watch(began), WATCH_EVERY_MS);
    try {
      const reply = this.nextFrame(head);
      reply.catch(() => undefined);
      this.requests.write(encodeHead(head, bytes));
      await Promise.race([this.send(file), this.ended]);
      return await Promise.race([reply, this.ended]);
    } catch (error) {
      if (BROKEN_PIPES.includes(errorCode(error))) await this.end();
      const died = this.death;
      this.kill('crash');
      if (died === 'aborted') throw signal?.reason;
      throw died === null ? error : new ParserDiedError(died);
    } finally {
      clearInterval(watch);
      signal?.removeEventListener('abort', abort);
      this.busyMs += performance.now() - began;
      this.filesRead += 1;
    }
  }

  kill(cause: DeathCause): void {
    if (this.death !== null) return;
    this.death = cause;
    this.child.kill('SIGKILL');
  }

  /** Of a process that reads no more: how it ends tells whether it ever began to. */
  private async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended.catch(() => undefined);
  }

  private watch(began: number): void {
    if (performance.now() - began > this.limits.timeMs) this.kill('time');
    else if (this.memoryBytes > this.limits.memoryBytes) this.kill('memory');
  }

  private async send(file: Readable): Promise<void> {
    for await (const chunk of file) {
      if (!this.requests.write(chunk)) await once(this.requests, 'drain');
    }
  }

  private nextFrame(head: RequestHead): Promise<Frame> {
    const limits = { maxHeadBytes: MAX_HEAD_BYTES, maxBodyBytes: head.limits.maxTextLength * MOST_BYTES_OF_A_UNIT };
    const reader = new FrameReader(limits);
    return new Promise((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        try {
          const frame = reader.push(chunk);
          if (frame === null) return;
          resolve(frame);
        } catch {
          this.kill('output');
          reject(new ParserDiedError('output'));
        }
        this.replies.off('data', take);
      };
      this.replies.on('data', take);
    });
  }

  private get requests(): Writable {
    if (this.child.stdin === null) throw new Error('The parser has no input.');
    return this.child.stdin;
  }

  private get replies(): Readable {
    const stream = this.child.stdio[REPLY_DESCRIPTOR];
    if (!(stream instanceof Readable)) throw new Error('The parser has no way to reply.');
    return stream;
  }

  /** A parser at rest is no reason for the server to stay. */
  private unref(): void {
    this.child.unref();
    for (const stream of [this.requests, this.replies]) if (stream instanceof Socket) stream.unref();
  }
}

function started({ launch = launchParser, ...limits }: ProcessLimits): ChildProcess {
  let child: ChildProcess;
  try {
    child = launch(limits);
  } catch (error) {
    throw new ParserDiedError('launch', { cause: error });
  }
  if (child.stdin !== null && child.stdio !== undefined) return child;
  // So Node gives one that got no descriptors; why is told by its event.
  child.once('error', () => undefined);
  throw new ParserDiedError('launch');
}

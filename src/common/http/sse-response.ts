import { encodeServerSentEvent, KEEP_ALIVE_COMMENT, type ServerSentEvent } from '@libs/openai-wire';
import type { Response } from 'express';

const KEEP_ALIVE_MS = 15_000;

/**
 * An event stream to one client. `signal` aborts when the client goes away; writing after that does
 * nothing. Comments keep the connection open through silent stretches.
 */
export class SseResponse {
  readonly signal: AbortSignal;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(private readonly response: Response) {
    const controller = new AbortController();
    this.signal = controller.signal;
    if (response.destroyed) {
      // The client went away before the stream began: no event will tell of it any more.
      controller.abort();
      return;
    }
    response.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    response.on('close', () => {
      clearInterval(this.timer);
      controller.abort();
    });
    this.timer = setInterval(() => this.keepAlive(), KEEP_ALIVE_MS);
    this.timer.unref();
  }

  /** Resolves when the client can take more, so that a slow reader slows its own stream only. */
  send(event: ServerSentEvent): Promise<void> {
    return this.writeRaw(encodeServerSentEvent(event));
  }

  end(): void {
    clearInterval(this.timer);
    if (!this.isGone) this.response.end();
  }

  private get isGone(): boolean {
    return this.signal.aborted || this.response.destroyed || this.response.writableEnded;
  }

  /** A connection that still has something to send needs no comment. */
  private keepAlive(): void {
    if (!this.isGone && !this.response.writableNeedDrain) this.response.write(KEEP_ALIVE_COMMENT);
  }

  private async writeRaw(text: string): Promise<void> {
    if (this.isGone) return;
    if (this.response.write(text)) return;
    await this.drained();
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.response.off('drain', done).off('close', done);
        resolve();
      };
      this.response.once('drain', done).once('close', done);
    });
  }
}

import type { ServerResponse } from 'node:http';
import { HEARTBEAT_MS } from '../wire/wire.js';

/** Answers a request with JSON lines, as they come, and with empty ones while nothing comes. */
export class LineStream {
  private readonly loss = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly response: ServerResponse) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    response.flushHeaders();
    this.heartbeat = setInterval(() => response.write('\n'), HEARTBEAT_MS).unref();
    response.once('close', () => this.onClose());
    if (response.destroyed) this.onClose();
  }

  /** Aborts when nobody reads any more. */
  get lost(): AbortSignal {
    return this.loss.signal;
  }

  /** Resolves when the reader has room for more, or is lost. */
  async write(line: unknown): Promise<void> {
    if (this.loss.signal.aborted || this.response.write(`${JSON.stringify(line)}\n`)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.response.off('drain', go).off('close', go);
        resolve();
      };
      this.response.once('drain', go).once('close', go);
      if (this.response.destroyed) go();
    });
  }

  end(): void {
    clearInterval(this.heartbeat);
    this.response.end();
  }

  private onClose(): void {
    clearInterval(this.heartbeat);
    if (!this.response.writableFinished) this.loss.abort(new Error('The caller has left.'));
  }
}

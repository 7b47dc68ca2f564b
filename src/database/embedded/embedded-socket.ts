import { Socket } from 'node:net';
import type { Endpoint } from './messages.js';
import { QueryWatch } from './query-watch.js';

/**
 * The stream that `pg` talks through. It connects as soon as the database runs, wherever that is by then, so a pool
 * that reconnects after a crash simply waits for the new process.
 */
export class EmbeddedSocket extends Socket {
  private readonly watch = new QueryWatch();

  constructor(private readonly endpoint: () => Promise<Endpoint>) {
    super();
    this.on('data', (chunk: Buffer) => this.watch.received(chunk, this.bytesWritten));
  }

  override connect(): this {
    this.endpoint().then(
      (endpoint) => {
        if (!this.destroyed) super.connect(endpoint);
      },
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    return this;
  }

  /** Milliseconds for which the query under way has run; 0 if none does. */
  waited(now: number): number {
    return this.watch.waited(this.bytesWritten, now);
  }
}

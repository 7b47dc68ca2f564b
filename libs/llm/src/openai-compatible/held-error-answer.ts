import type { ModelError } from '../ports/model-error.js';
import type { ForwardSink } from '../ports/model-server.js';
import { mapErrorAnswer } from './error-mapping.js';

/** Bytes; what comes after is no part of what a server says of its error. */
const LONGEST_BODY = 64 * 1024;

/** An error answer to a request that is passed on, kept back until it is whole and known what it means. */
export class HeldErrorAnswer {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(
    private readonly status: number,
    private readonly headers: Record<string, string>,
  ) {}

  /** @returns true: more may come */
  keep(chunk: Buffer): true {
    if (this.#bytes < LONGEST_BODY) this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    return true;
  }

  toError(): ModelError {
    return mapErrorAnswer(
      { status: this.status, headers: this.headers, body: this.#body.toString('utf8') },
      Date.now(),
    );
  }

  /** Gives it to the sink as it came. */
  letGo(sink: ForwardSink): void {
    sink.onStart(this.status, this.headers, () => undefined);
    sink.onData(this.#body);
    sink.onEnd();
  }

  get #body(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

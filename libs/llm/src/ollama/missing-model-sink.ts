import { mapErrorAnswer } from '../openai-compatible/error-mapping.js';
import type { ModelError } from '../ports/model-error.js';
import type { ForwardSink } from '../ports/model-server.js';

const NOT_FOUND = 404;
const LONGEST_ERROR_BYTES = 64 * 1024;

/** A sink that is told in other words of a model that is not there; all other answers pass through. */
export class MissingModelSink implements ForwardSink {
  #refusal: { headers: Record<string, string>; chunks: Buffer[]; bytes: number } | undefined;

  constructor(
    private readonly sink: ForwardSink,
    private readonly onMissing: (failure: ModelError) => ModelError,
  ) {}

  onStart(status: number, headers: Record<string, string>, resume: () => void): void {
    if (status === NOT_FOUND) this.#refusal = { headers, chunks: [], bytes: 0 };
    else this.sink.onStart(status, headers, resume);
  }

  onData(chunk: Buffer): boolean {
    if (!this.#refusal) return this.sink.onData(chunk);
    if (this.#refusal.bytes < LONGEST_ERROR_BYTES) this.#refusal.chunks.push(chunk);
    this.#refusal.bytes += chunk.length;
    return true;
  }

  onEnd(): void {
    if (!this.#refusal) return this.sink.onEnd();
    const { headers, chunks } = this.#refusal;
    const body = Buffer.concat(chunks);
    const failure = mapErrorAnswer({ status: NOT_FOUND, headers, body: body.toString('utf8') }, Date.now());
    if (failure.kind === 'model_not_found') return this.sink.onError(this.onMissing(failure));
    this.sink.onStart(NOT_FOUND, headers, () => undefined);
    this.sink.onData(body);
    this.sink.onEnd();
  }

  onError(error: Error): void {
    this.sink.onError(error);
  }
}

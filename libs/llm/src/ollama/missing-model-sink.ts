import { HeldErrorAnswer } from '../openai-compatible/held-error-answer.js';
import type { ModelError } from '../ports/model-error.js';
import type { ForwardSink } from '../ports/model-server.js';

const NOT_FOUND = 404;

/** A sink that is told in other words of a model that is not there; all other answers pass through. */
export class MissingModelSink implements ForwardSink {
  #refusal: HeldErrorAnswer | undefined;

  constructor(
    private readonly sink: ForwardSink,
    private readonly onMissing: (failure: ModelError) => ModelError,
  ) {}

  onStart(status: number, headers: Record<string, string>, resume: () => void): void {
    if (status === NOT_FOUND) this.#refusal = new HeldErrorAnswer(status, headers);
    else this.sink.onStart(status, headers, resume);
  }

  onData(chunk: Buffer): boolean {
    return this.#refusal ? this.#refusal.keep(chunk) : this.sink.onData(chunk);
  }

  onEnd(): void {
    if (!this.#refusal) return this.sink.onEnd();
    const failure = this.#refusal.toError();
    if (failure.kind === 'model_not_found') return this.sink.onError(this.onMissing(failure));
    this.#refusal.letGo(this.sink);
  }

  onError(error: Error): void {
    this.sink.onError(error);
  }
}

import { errorMessage } from '@libs/kernel';
import type { ModelCallRecord, ModelLog } from './model-log.js';

/** Gathers what is known of one call and hands it to the log once, when the call ends. */
export class CallRecorder {
  readonly #startedAt = Date.now();
  #isDone = false;

  constructor(
    private readonly log: ModelLog,
    private readonly call: Pick<ModelCallRecord, 'server' | 'path' | 'runId' | 'request'>,
  ) {}

  end(answer: unknown, error: unknown = null): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.log.add({
      ...this.call,
      startedAt: this.#startedAt,
      durationMs: Date.now() - this.#startedAt,
      answer,
      error: error === null ? null : errorMessage(error),
    });
  }
}

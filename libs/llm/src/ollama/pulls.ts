import { errorMessage } from '@libs/kernel';
import type { Dispatcher } from 'undici';
import { isObject, numberOf, parseJson, textOf } from '../json.js';
import { readLimited } from '../openai-compatible/body.js';
import { readErrorText } from '../openai-compatible/error-mapping.js';
import type { PullProgress } from '../ports/model-server.js';
import { readJsonLines } from './line-stream.js';

export interface PullsOptions {
  dispatcher: Dispatcher;
  /** `/api/pull` with its server. */
  url: URL;
  headers: Record<string, string>;
  /** Told of what begins and ends. */
  notice(text: string): void;
}

/** Milliseconds for which a pull that failed is not tried again. */
const PAUSE_AFTER_FAILURE_MS = 60_000;
const LONGEST_ERROR = 64 * 1024;

/** The pulls that a server is at work on. They go on when the request that began them is gone. */
export class Pulls {
  readonly #options: PullsOptions;
  readonly #active = new Map<string, PullProgress>();
  readonly #failures = new Map<string, { reason: string; at: number }>();
  readonly #closed = new AbortController();

  constructor(options: PullsOptions) {
    this.#options = options;
  }

  progressOf(model: string): PullProgress | undefined {
    return this.#active.get(model);
  }

  /** Why the last pull came to nothing; undefined where another one is worth a try. */
  failureOf(model: string): string | undefined {
    const failure = this.#failures.get(model);
    return failure && Date.now() - failure.at < PAUSE_AFTER_FAILURE_MS ? failure.reason : undefined;
  }

  /** Begins to pull unless that is under way. */
  start(model: string): PullProgress {
    const active = this.#active.get(model);
    if (active) return active;
    const begun: PullProgress = { status: 'begins', completed: 0, total: 0 };
    this.#active.set(model, begun);
    this.#options.notice(`The model ${model} is being pulled.`);
    void this.#run(model);
    return begun;
  }

  close(): void {
    this.#closed.abort();
  }

  async #run(model: string): Promise<void> {
    try {
      await this.#pull(model);
      this.#failures.delete(model);
      this.#options.notice(`The model ${model} has been pulled.`);
    } catch (error) {
      const reason = errorMessage(error);
      this.#failures.set(model, { reason, at: Date.now() });
      this.#options.notice(`The model ${model} could not be pulled: ${reason}`);
    } finally {
      this.#active.delete(model);
    }
  }

  async #pull(model: string): Promise<void> {
    const { dispatcher, url, headers } = this.#options;
    const answer = await dispatcher.request({
      origin: url.origin,
      path: url.pathname,
      method: 'POST',
      headers,
      body: JSON.stringify({ model, stream: true }),
      signal: this.#closed.signal,
    });
    if (answer.statusCode >= 300) {
      const text = await readLimited(answer.body, LONGEST_ERROR);
      throw new Error(readErrorText(parseJson(text) ?? text).message ?? `status ${answer.statusCode}`);
    }
    let last = '';
    for await (const line of readJsonLines(answer.body)) last = this.#note(model, line);
    if (last !== 'success') throw new Error('the server stopped before it was done');
  }

  #note(model: string, line: unknown): string {
    if (!isObject(line)) return '';
    if (line['error'] !== undefined) throw new Error(readErrorText(line).message ?? 'the server tells no reason');
    const status = textOf(line['status']) ?? '';
    const [completed, total] = [numberOf(line['completed']) ?? 0, numberOf(line['total']) ?? 0];
    this.#active.set(model, { status, completed, total });
    return status;
  }
}

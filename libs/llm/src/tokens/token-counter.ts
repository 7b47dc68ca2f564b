import { Worker } from 'node:worker_threads';
import { splitForCounting } from './split-text.js';

/** Counts the tokens of texts. */
export interface TokenCounter {
  count(text: string): Promise<number>;
  close(): Promise<void>;
}

const IDLE_MS = 60_000;

interface Answer {
  id: number;
  tokens: number;
}

/**
 * OpenAI's o200k encoding, for models whose server does not count: near enough to tell what fits. It takes 0.8 s and
 * 130 MB to load, so it lives in a thread of its own that begins with the first text and ends when idle.
 */
export class O200kTokenCounter implements TokenCounter {
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  readonly #waiting = new Map<number, { resolve: (tokens: number) => void; reject: (error: Error) => void }>();

  count(text: string): Promise<number> {
    if (text === '') return Promise.resolve(0);
    this.#worker ??= this.#start();
    const id = ++this.#lastId;
    const answer = new Promise<number>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage({ id, pieces: splitForCounting(text) });
    this.#restartIdleTime();
    return answer;
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
    this.#failAll(new Error('The token counter was closed.'));
  }

  #start(): Worker {
    const worker = new Worker(new URL('./count-tokens.worker.mjs', import.meta.url));
    worker.unref();
    worker.on('message', ({ id, tokens }: Answer) => {
      this.#waiting.get(id)?.resolve(tokens);
      this.#waiting.delete(id);
    });
    worker.on('error', (error) => {
      if (this.#worker === worker) this.#worker = null;
      this.#failAll(error);
    });
    return worker;
  }

  #restartIdleTime(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#waiting.size > 0) this.#restartIdleTime();
      else void this.close();
    }, IDLE_MS);
    this.#idle.unref();
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

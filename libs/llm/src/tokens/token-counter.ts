import { Worker } from 'node:worker_threads';

/** Counts the tokens of texts. */
export interface TokenCounter {
  count(text: string): Promise<number>;
  close(): Promise<void>;
}

/** A text cut into pieces (words, mostly, with the space before them) that no token goes across. */
export interface TokenPieces {
  /** Ends of the pieces in UTF-16 units, exclusive and ascending. Together the pieces are the text. */
  ends: Uint32Array;
  /** What each piece takes. */
  tokens: Uint16Array;
}

const IDLE_MS = 60_000;

interface Answer extends TokenPieces {
  id: number;
}

/**
 * OpenAI's o200k encoding, for models whose server does not count: near enough to tell what fits. Its table takes half
 * a second and 60 MB to load, so it lives in a thread of its own that begins with the first text and ends when idle.
 */
export class O200kTokenCounter implements TokenCounter {
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  readonly #waiting = new Map<number, { resolve: (pieces: TokenPieces) => void; reject: (error: Error) => void }>();

  async count(text: string): Promise<number> {
    const { tokens } = await this.measure(text);
    return tokens.reduce((sum, one) => sum + one, 0);
  }

  /** Where in the text which tokens are. No piece is longer than 32 UTF-16 units or parts a surrogate pair. */
  measure(text: string): Promise<TokenPieces> {
    if (text === '') return Promise.resolve({ ends: new Uint32Array(), tokens: new Uint16Array() });
    this.#worker ??= this.#start();
    const id = ++this.#lastId;
    const answer = new Promise<TokenPieces>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.ref();
    this.#worker.postMessage({ id, text });
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
    const worker = new Worker(new URL('./measure.worker.mjs', import.meta.url));
    worker.on('message', ({ id, ends, tokens }: Answer) => {
      this.#waiting.get(id)?.resolve({ ends, tokens });
      this.#waiting.delete(id);
      // Only from here on: where the thread is slow to start, Node 20 forgets an `unref` from before its first message.
      if (this.#waiting.size === 0) worker.unref();
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

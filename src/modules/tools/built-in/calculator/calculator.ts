import { Worker } from 'node:worker_threads';

/** Answer or problem, in words for the model. */
export type Calculation = { text: string } | { problem: string };

/** `ready`: the library is loaded, which takes a second on a busy machine and is not the expression's fault. */
type WorkerMessage = Calculation | { ready: true };

const TIME_LIMIT_MS = 3000;
const LOAD_LIMIT_MS = 60_000;
const IDLE_MS = 60_000;
const MEMORY_LIMIT_MB = 128;
/** A run waits for one calculation at a time, so this many runs. */
const MOST_WAITING = 64;

interface Waiting {
  expression: string;
  resolve: (calculation: Calculation) => void;
}

/**
 * Evaluates expressions by mathjs in a thread of its own: one that loops or fills the memory is ended, and the next one
 * gets a new thread. One expression at a time.
 */
export class Calculator {
  #worker: Worker | null = null;
  #isReady = false;
  #timer: NodeJS.Timeout | undefined;
  #current: Waiting | null = null;
  readonly #queue: Waiting[] = [];

  /** Rejects with the signal's reason where its caller leaves; the calculation is then given up. */
  async calculate(expression: string, signal?: AbortSignal): Promise<Calculation> {
    signal?.throwIfAborted();
    if (this.#queue.length >= MOST_WAITING) return { problem: 'The calculator is too busy. Try again later.' };
    let leave: (() => void) | undefined;
    try {
      return await new Promise<Calculation>((resolve, reject) => {
        const waiting = { expression, resolve };
        leave = () => {
          reject(signal?.reason as Error);
          this.#giveUp(waiting);
        };
        signal?.addEventListener('abort', leave);
        this.#queue.push(waiting);
        this.#next();
      });
    } finally {
      if (leave) signal?.removeEventListener('abort', leave);
    }
  }

  async close(): Promise<void> {
    for (const { resolve } of this.#queue.splice(0)) resolve({ problem: 'The calculator was closed.' });
    await this.#end('The calculator was closed.');
  }

  #giveUp(waiting: Waiting): void {
    const place = this.#queue.indexOf(waiting);
    if (place >= 0) this.#queue.splice(place, 1);
    if (this.#current !== waiting) return;
    if (this.#isReady) {
      void this.#end('The calculation was given up.');
      return;
    }
    // The thread that is about to start takes the next one.
    this.#current = null;
    this.#next();
  }

  #next(): void {
    if (this.#current) return;
    const next = this.#queue.shift();
    if (!next) {
      this.#limit(IDLE_MS, 'The calculator was closed.');
      return;
    }
    this.#current = next;
    this.#worker ??= this.#start();
    if (this.#isReady) this.#send();
    else this.#limit(LOAD_LIMIT_MS, 'The calculator does not start.');
  }

  #send(): void {
    if (!this.#current) return;
    this.#worker?.postMessage({ expression: this.#current.expression });
    this.#limit(TIME_LIMIT_MS, `The calculation took longer than ${TIME_LIMIT_MS / 1000} seconds.`);
  }

  #limit(milliseconds: number, problem: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#end(problem), milliseconds).unref();
  }

  #start(): Worker {
    this.#isReady = false;
    const worker = new Worker(new URL('./calculate.worker.mjs', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB },
      env: {},
    });
    worker.unref();
    worker.on('message', (message: WorkerMessage) => this.#hear(worker, message));
    worker.on('error', () => {
      if (this.#worker === worker) void this.#end('The calculation needs too much memory.');
    });
    return worker;
  }

  #hear(worker: Worker, message: WorkerMessage): void {
    if (this.#worker !== worker) return;
    if ('ready' in message) {
      this.#isReady = true;
      if (this.#current) this.#send();
      else this.#next();
      return;
    }
    const current = this.#current;
    this.#current = null;
    current?.resolve(message);
    this.#next();
  }

  /** Ends the thread, and with it the calculation under way. */
  async #end(problem: string): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    const current = this.#current;
    this.#worker = null;
    this.#current = null;
    current?.resolve({ problem });
    if (this.#queue.length > 0) this.#next();
    await worker?.terminate();
  }
}

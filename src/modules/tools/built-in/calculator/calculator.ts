import type { ChildProcess } from 'node:child_process';
import { startCalculation } from './start-calculation.js';

/** Answer or problem, in words for the model. */
export type Calculation = { text: string } | { problem: string };

/** `ready`: the library is loaded, which takes a second on a busy machine and is not the expression's fault. */
type ProcessMessage = Calculation | { ready: true };

const TIME_LIMIT_MS = 3000;
const LOAD_LIMIT_MS = 60_000;
const IDLE_MS = 60_000;
/** A run waits for one calculation at a time, so this many runs. */
const MOST_WAITING = 64;

interface Waiting {
  expression: string;
  resolve: (calculation: Calculation) => void;
}

/**
 * Evaluates expressions by mathjs in a process of its own: one that loops or fills the memory is ended, and the next one
 * gets a new process. A thread would not do: V8 ends the whole process where an array does not fit. One expression at a
 * time.
 */
export class Calculator {
  #process: ChildProcess | null = null;
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

  close(): void {
    for (const { resolve } of this.#queue.splice(0)) resolve({ problem: 'The calculator was closed.' });
    this.#end('The calculator was closed.');
  }

  #giveUp(waiting: Waiting): void {
    const place = this.#queue.indexOf(waiting);
    if (place >= 0) this.#queue.splice(place, 1);
    if (this.#current !== waiting) return;
    if (this.#isReady) {
      this.#end('The calculation was given up.');
      return;
    }
    // The process that is about to start takes the next one.
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
    this.#process ??= this.#start();
    if (this.#isReady) this.#send();
    else this.#limit(LOAD_LIMIT_MS, 'The calculator does not start.');
  }

  #send(): void {
    if (!this.#current) return;
    this.#process?.send({ expression: this.#current.expression }, () => undefined);
    this.#limit(TIME_LIMIT_MS, `The calculation took longer than ${TIME_LIMIT_MS / 1000} seconds.`);
  }

  #limit(milliseconds: number, problem: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(problem), milliseconds).unref();
  }

  #start(): ChildProcess {
    this.#isReady = false;
    const child = startCalculation();
    child.on('message', (message) => this.#hear(child, message as ProcessMessage));
    for (const event of ['error', 'exit']) {
      child.on(event, () => {
        if (this.#process === child) this.#end('The calculation needs too much memory.');
      });
    }
    return child;
  }

  #hear(child: ChildProcess, message: ProcessMessage): void {
    if (this.#process !== child) return;
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

  /** Ends the process, and with it the calculation under way. */
  #end(problem: string): void {
    clearTimeout(this.#timer);
    const child = this.#process;
    const current = this.#current;
    this.#process = null;
    this.#current = null;
    current?.resolve({ problem });
    if (this.#queue.length > 0) this.#next();
    child?.kill('SIGKILL');
  }
}

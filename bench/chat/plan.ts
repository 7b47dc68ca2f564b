/** How much is measured. */
export interface Plan {
  /** Each round measures every target in every scenario, in turns. */
  rounds: number;
  /** Requests before the first round, so that compilers have done their work. */
  warmUp: number;
  /** Requests of a round at concurrency 1. */
  single: number;
  concurrency: number;
  /** Requests of a round at the concurrency. */
  many: number;
  /** The same for streams, which cost more. */
  manyStreams: number;
  /** Paced streams at once. */
  paced: number;
}

export const FULL: Plan = {
  rounds: 7,
  warmUp: 3000,
  single: 300,
  concurrency: 64,
  many: 3000,
  manyStreams: 500,
  paced: 256,
};

/** Everything once, for the sake of seeing that it works: its figures mean nothing. */
export const QUICK: Plan = {
  rounds: 1,
  warmUp: 20,
  single: 20,
  concurrency: 8,
  many: 80,
  manyStreams: 40,
  paced: 8,
};

/** How much is measured. */
export interface Plan {
  /** Each round measures every server in every scenario, in turns. */
  rounds: number;
  /** Runs before the first round, so that compilers have done their work. */
  warmUp: number;
  /** Runs of a round, one at a time. */
  single: number;
  concurrency: number;
  /** Runs of a round at the concurrency. */
  many: number;
  /** Paced runs of a round, one at a time. */
  paced: number;
  /** Chat completions with tools of a round, one at a time. */
  chats: number;
}

export const FULL: Plan = { rounds: 5, warmUp: 300, single: 60, concurrency: 16, many: 600, paced: 2, chats: 10 };

/** Everything once, for the sake of seeing that it works: its figures mean nothing. */
export const QUICK: Plan = { rounds: 1, warmUp: 2, single: 2, concurrency: 4, many: 8, paced: 1, chats: 1 };

/** How much is measured. */
export interface Plan {
  /** Samples of each way to a first result. */
  samples: number;
  /** Cells one after the other in one session. */
  nextCells: number;
  /** Sessions opened, used and ended for the rate, and how many at once. */
  sessions: number;
  concurrency: number;
  warmKernels: number;
}

export const FULL: Plan = { samples: 21, nextCells: 300, sessions: 60, concurrency: 2, warmKernels: 2 };

/** Everything once, for the sake of seeing that it works: its figures mean nothing. */
export const QUICK: Plan = { samples: 1, nextCells: 3, sessions: 2, concurrency: 2, warmKernels: 1 };

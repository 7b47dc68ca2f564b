/** How much is measured. */
export interface Plan {
  /** Files of one batch; 2,000 are the most that a batch takes. */
  files: number;
  /** Characters of each. */
  fileLength: number;
  /** Runs before the batch, and at least while it is worked on. */
  runs: number;
  /** Characters of the one long text that is ingested afterwards, with nothing beside it. */
  textLength: number;
}

export const FULL: Plan = { files: 2000, fileLength: 4000, runs: 30, textLength: 5_000_000 };

/** Everything once, for the sake of seeing that it works: its figures mean nothing. */
export const QUICK: Plan = { files: 20, fileLength: 500, runs: 3, textLength: 20_000 };

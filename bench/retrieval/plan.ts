/** How much is measured. */
export interface Plan {
  /** Sizes of the store that is searched, in chunks; each is filled up from the one before. */
  sizes: number[];
  /** Chunks in each of another tenant's stores beside it. */
  foreignChunks: number;
  foreignStores: number;
  /** Questions of the three corpora that are asked for each figure. */
  questions: number;
}

export const FULL: Plan = { sizes: [1000, 10_000, 100_000], foreignChunks: 20_000, foreignStores: 50, questions: 276 };

/** Takes two minutes instead of seven, for a look at the way there. */
export const MEDIUM: Plan = { sizes: [1000, 10_000], foreignChunks: 10_000, foreignStores: 1, questions: 276 };

/** Everything once, for the sake of seeing that it works: its figures mean nothing. */
export const QUICK: Plan = { sizes: [20], foreignChunks: 20, foreignStores: 2, questions: 10 };

/** Answers at once. */
export const INSTANT_MODEL: string;
/** Says when it sends each of its tokens, in milliseconds since 1970 with three digits of their fractions. */
export const PACED_MODEL: string;
export const PACED_TOKENS: number;
/** Calls the calculator in each turn but the last. */
export const CALLING_MODEL: string;
/** Turns of one answer of the model that calls, the last included. */
export const CALLING_TURNS: number;
/** What it says in the end. */
export const ANSWER: string;

export const INSTANT_MODEL = 'bench-instant';
export const PACED_MODEL = 'bench-paced';
export const PACED_TOKENS = 64;
export const CALLING_MODEL = 'bench-calling';
export const CALLING_TURNS = 11;
export const ANSWER = 'The harbour of the north has the deeper basin, since the year of its opening.';

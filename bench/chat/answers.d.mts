export const TOKENS: number;
export const TOKEN_INTERVAL_MS: number;
export const INSTANT_MODEL: string;
export const PACED_MODEL: string;
export const STREAM_EVENTS: Buffer[];
export const STREAM_BYTES: number;
export const JSON_ANSWER: Buffer;

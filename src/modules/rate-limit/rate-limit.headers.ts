/** Where a project stands in its minute. */
export interface RateLimitState {
  limit: number;
  remaining: number;
  /** Milliseconds until the minute is over. */
  resetMs: number;
}

/** The headers that OpenAI sends about requests (openai-wire.md section 4.2). */
export function rateLimitHeaders({ limit, remaining, resetMs }: RateLimitState): Record<string, string> {
  return {
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(Math.max(remaining, 0)),
    'x-ratelimit-reset-requests': toDuration(resetMs),
  };
}

/** OpenAI's way to write a time span: `850ms`, `12s`, `1m0s`. */
export function toDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(Math.round(milliseconds), 0)}ms`;
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** What our tokens say. */
export interface TokenClaims {
  /** The user's id. */
  sub: string;
  /** The user's token version when it was given out. */
  version: number;
}

/** Undefined for the payload of a token that is not one of ours, though well signed. */
export function readTokenClaims(payload: unknown): TokenClaims | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { sub, version } = payload as Record<string, unknown>;
  return typeof sub === 'string' && typeof version === 'number' ? { sub, version } : undefined;
}

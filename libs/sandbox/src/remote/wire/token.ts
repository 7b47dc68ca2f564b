import { createHash, timingSafeEqual } from 'node:crypto';
import { SHORTEST_TOKEN } from './wire.js';

/** Throws where a token is too short to keep strangers out. */
export function assertLongEnough(token: string): void {
  if (token.length < SHORTEST_TOKEN) throw new Error(`The token must have at least ${SHORTEST_TOKEN} characters.`);
}

/** Whether a request's authorization bears the token. Takes as long for a wrong one as for a nearly right one. */
export function bearsToken(authorization: string | undefined, token: string): boolean {
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

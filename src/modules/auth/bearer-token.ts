const BEARER = /^bearer +(\S+) *$/i;
const UNPRINTABLE = /[^\x21-\x7e]/g;
const SHORTEST_SHOWN = 12;

/** The token of `Authorization: Bearer …`; undefined for no header, and for another scheme. */
export function readBearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : BEARER.exec(header)?.[1];
}

/** Enough of a key for its owner to know it by: `sk-ab***cd`. Of a short one nothing is shown. */
export function maskToken(token: string): string {
  if (token.length < SHORTEST_SHOWN) return '***';
  return `${token.slice(0, 5)}***${token.slice(-2)}`.replace(UNPRINTABLE, '?');
}

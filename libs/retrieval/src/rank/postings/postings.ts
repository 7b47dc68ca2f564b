/**
 * Postings of one term as bytes: runs, each of them the chunks of one written batch. A run is its first chunk's number
 * in the store, its count of entries, and for each entry the distance from the one before and the term's impact. All but
 * the impact, which is one byte, are variable-length integers of seven bits a byte, lowest first. Runs stand for
 * themselves: postings are joined by concatenation, in any order.
 */

const MORE = 0x80;
const LOW_BITS = 0x7f;
const BITS = 7;
const LONGEST_INTEGER = 5;

/** A stretch of chunk numbers in a store; `end` is exclusive. */
export interface Range {
  start: number;
  end: number;
}

export type VisitPosting = (chunk: number, impact: number) => void;

/** Writes one run. `entries` has chunk and impact in turns, by rising chunk, none below `base`. */
export function encodeRun(base: number, entries: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(2 * LONGEST_INTEGER + (entries.length / 2) * (LONGEST_INTEGER + 1));
  let at = writeInteger(bytes, 0, base);
  at = writeInteger(bytes, at, entries.length / 2);
  let before = base;
  for (let index = 0; index < entries.length; index += 2) {
    const chunk = entries[index] ?? 0;
    at = writeInteger(bytes, at, chunk - before);
    bytes[at] = entries[index + 1] ?? 0;
    at += 1;
    before = chunk;
  }
  return bytes.subarray(0, at);
}

function writeInteger(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= MORE) {
    bytes[at] = (rest & LOW_BITS) | MORE;
    rest >>>= BITS;
    at += 1;
  }
  bytes[at] = rest;
  return at + 1;
}

/** Goes through every posting of concatenated runs. */
export function visitPostings(bytes: Uint8Array, visit: VisitPosting): void {
  walkRuns(bytes, visit, () => true);
}

/** The same postings without the runs that begin in one of the ranges, or null where there are none of those. */
export function withoutRanges(bytes: Uint8Array, ranges: readonly Range[]): Buffer | null {
  const kept: Uint8Array[] = [];
  let dropped = false;
  walkRuns(bytes, ignore, (base, start, end) => {
    if (ranges.some((range) => base >= range.start && base < range.end)) dropped = true;
    else kept.push(bytes.subarray(start, end));
  });
  return dropped ? Buffer.concat(kept) : null;
}

function ignore(): void {
  // The bounds of the run are all that is wanted.
}

/** One loop for all readers: it goes through hundreds of thousands of postings for a query. */
function walkRuns(
  bytes: Uint8Array,
  visit: VisitPosting,
  ended: (base: number, start: number, end: number) => void,
): void {
  let at = 0;
  const readInteger = (): number => {
    let byte = bytes[at++] ?? 0;
    if (byte < MORE) return byte;
    let value = byte & LOW_BITS;
    for (let shift = BITS; byte >= MORE; shift += BITS) {
      byte = bytes[at++] ?? 0;
      value |= (byte & LOW_BITS) << shift;
    }
    return value;
  };
  while (at < bytes.length) {
    const start = at;
    const base = readInteger();
    let chunk = base;
    for (let left = readInteger(); left > 0; left -= 1) {
      chunk += readInteger();
      visit(chunk, bytes[at++] ?? 0);
    }
    ended(base, start, at);
  }
}

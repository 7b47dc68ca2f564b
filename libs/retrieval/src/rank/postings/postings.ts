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
/** How many impacts there are. */
const IMPACTS = 256;

/** A stretch of chunk numbers in a store; `end` is exclusive. */
export interface Range {
  start: number;
  end: number;
}

/** A term's postings as they are ranked: its chunks by rising number, and its impact in each. */
export interface Postings {
  chunks: Uint32Array;
  impacts: Uint8Array;
}

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

/** Where a run's entries are among all that were read, and its first and last chunk. */
interface ReadRun {
  from: number;
  to: number;
  first: number;
  last: number;
}

/** What a term's runs say, in whatever order they come. */
export function readPostings(bytes: Uint8Array): Postings {
  // An entry takes two bytes at least.
  const most = bytes.length >> 1;
  const chunks = new Uint32Array(most);
  const impacts = new Uint8Array(most);
  const runs: ReadRun[] = [];
  let count = 0;
  const reader = new Reader(bytes);
  while (reader.at < bytes.length) {
    const from = count;
    let chunk = reader.integer();
    for (let left = reader.integer(); left > 0 && reader.at < bytes.length; left -= 1) {
      chunk += reader.integer();
      chunks[count] = chunk;
      impacts[count] = reader.byte();
      count += 1;
    }
    if (count > from) runs.push({ from, to: count, first: chunks[from] ?? 0, last: chunk });
  }
  const read = { chunks: chunks.slice(0, count), impacts: impacts.slice(0, count) };
  return areApart(runs) ? read : inOrder(read, runs);
}

/** Whether each run ends before the next one begins. */
function areApart(runs: readonly ReadRun[]): boolean {
  return runs.every(({ first }, index) => index === 0 || first > (runs[index - 1]?.last ?? 0));
}

/** Runs are of stretches apart from one another, as they are written: only they need to be sorted. */
function inOrder(read: Postings, runs: ReadRun[]): Postings {
  runs.sort((one, other) => one.first - other.first);
  if (!areApart(runs)) return sorted(read);
  const count = read.chunks.length;
  const ordered = { chunks: new Uint32Array(count), impacts: new Uint8Array(count) };
  let at = 0;
  for (const { from, to } of runs) {
    ordered.chunks.set(read.chunks.subarray(from, to), at);
    ordered.impacts.set(read.impacts.subarray(from, to), at);
    at += to - from;
  }
  return ordered;
}

/** Both in one number, so that the sort needs no function: it is native then. */
function sorted({ chunks, impacts }: Postings): Postings {
  const entries = Float64Array.from(chunks, (chunk, index) => chunk * IMPACTS + (impacts[index] ?? 0)).sort();
  return {
    chunks: Uint32Array.from(entries, (entry) => Math.floor(entry / IMPACTS)),
    impacts: Uint8Array.from(entries, (entry) => entry % IMPACTS),
  };
}

/** The same postings without the runs that begin in one of the ranges, or null where there are none of those. */
export function withoutRanges(bytes: Uint8Array, ranges: readonly Range[]): Buffer | null {
  const kept: Uint8Array[] = [];
  let dropped = false;
  const reader = new Reader(bytes);
  while (reader.at < bytes.length) {
    const start = reader.at;
    const base = reader.integer();
    for (let left = reader.integer(); left > 0 && reader.at < bytes.length; left -= 1) {
      reader.integer();
      reader.byte();
    }
    if (ranges.some((range) => base >= range.start && base < range.end)) dropped = true;
    else kept.push(bytes.subarray(start, reader.at));
  }
  return dropped ? Buffer.concat(kept) : null;
}

class Reader {
  at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  integer(): number {
    let byte = this.byte();
    if (byte < MORE) return byte;
    let value = byte & LOW_BITS;
    for (let shift = BITS; byte >= MORE; shift += BITS) {
      byte = this.byte();
      value |= (byte & LOW_BITS) << shift;
    }
    return value;
  }
}

/**
 * Where the terms of a chunk stand, at two bytes a term: reading them again from the texts of twenty candidates takes
 * longer than everything else in a search.
 */
export interface Sketch {
  /** UTF-16 offsets into the chunk's text of every 16th term. */
  offsets: Uint32Array;
  /** A hash of each term, in order. */
  hashes: Uint16Array;
}

/** An answer is a sentence or two; two steps, 32 terms without stop words, are about 60 words. */
export const STEP = 16;

const OFFSET_BYTES = Uint32Array.BYTES_PER_ELEMENT;
const HASH_BYTES = Uint16Array.BYTES_PER_ELEMENT;

/** How many hashes there are. */
export const HASHES = 65_536;

/** FNV-1a, folded to 16 bits: two terms of a query and a text are taken for one another once in 65,536 times. */
export function hashOf(term: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < term.length; at += 1) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193);
  return ((hash >>> 16) ^ hash) & 0xffff;
}

export function stepsOf(terms: number): number {
  return Math.ceil(terms / STEP);
}

/** Gathers a sketch while a text's terms are gone through. */
export class SketchBuilder {
  private readonly offsets: number[] = [];
  private readonly hashes: number[] = [];

  /** @param hash `hashOf` the term */
  add(hash: number, start: number): void {
    if (this.hashes.length % STEP === 0) this.offsets.push(start);
    this.hashes.push(hash);
  }

  build(): Sketch {
    return { offsets: Uint32Array.from(this.offsets), hashes: Uint16Array.from(this.hashes) };
  }
}

/** The offsets, then the hashes, each lowest byte first; how many there are follows from the length. */
export function encodeSketch({ offsets, hashes }: Sketch): Buffer {
  const bytes = Buffer.allocUnsafe(offsets.length * OFFSET_BYTES + hashes.length * HASH_BYTES);
  let at = 0;
  for (const offset of offsets) at = bytes.writeUInt32LE(offset, at);
  for (const hash of hashes) at = bytes.writeUInt16LE(hash, at);
  return bytes;
}

/** Loops by hand: a search reads some thousand terms. */
export function decodeSketch(bytes: Buffer): Sketch {
  const terms = termsIn(bytes.length);
  const offsets = new Uint32Array(stepsOf(terms));
  for (let step = 0; step < offsets.length; step += 1) offsets[step] = bytes.readUInt32LE(step * OFFSET_BYTES);
  const hashes = new Uint16Array(terms);
  for (let term = 0, at = offsets.length * OFFSET_BYTES; term < terms; term += 1, at += HASH_BYTES) {
    hashes[term] = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  }
  return { offsets, hashes };
}

/** A step of 16 terms takes 36 bytes; a last one of n takes 4 + 2n. */
function termsIn(bytes: number): number {
  const stepBytes = OFFSET_BYTES + STEP * HASH_BYTES;
  const rest = bytes % stepBytes;
  return Math.floor(bytes / stepBytes) * STEP + Math.max(0, (rest - OFFSET_BYTES) / HASH_BYTES);
}

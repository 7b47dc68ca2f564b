import type { TokenPieces } from '@libs/llm';

/**
 * A text and its pieces. Boundary `index` (from 0 to `pieces`) is the place before piece `index`; chunks begin and end at
 * boundaries only, so no word and no surrogate pair is cut.
 */
export class MeasuredText {
  readonly pieces: number;
  private readonly ends: Uint32Array;
  private readonly tokensBefore: Uint32Array;

  constructor(
    readonly text: string,
    { ends, tokens }: TokenPieces,
  ) {
    this.pieces = ends.length;
    this.ends = ends;
    this.tokensBefore = new Uint32Array(ends.length + 1);
    for (let index = 0; index < tokens.length; index += 1) {
      this.tokensBefore[index + 1] = (this.tokensBefore[index] ?? 0) + (tokens[index] ?? 0);
    }
  }

  /** The boundary's UTF-16 offset. */
  offset(boundary: number): number {
    return boundary === 0 ? 0 : (this.ends[boundary - 1] ?? this.text.length);
  }

  tokensBetween(start: number, end: number): number {
    return (this.tokensBefore[end] ?? 0) - (this.tokensBefore[start] ?? 0);
  }

  /** The furthest boundary that leaves at most `tokens` after `start`; `start` itself where not even one piece fits. */
  furthest(start: number, tokens: number): number {
    const allowed = (this.tokensBefore[start] ?? 0) + tokens;
    return this.lastWhere(start, this.pieces, (boundary) => (this.tokensBefore[boundary] ?? 0) <= allowed);
  }

  /** The earliest boundary from which at most `tokens` lead to `end`. */
  earliest(end: number, tokens: number): number {
    const least = (this.tokensBefore[end] ?? 0) - tokens;
    const below = this.lastWhere(-1, end, (boundary) => boundary < 0 || (this.tokensBefore[boundary] ?? 0) < least);
    return below + 1;
  }

  /** The last boundary at or before a UTF-16 offset. */
  boundaryAt(offset: number): number {
    return this.lastWhere(0, this.pieces, (boundary) => this.offset(boundary) <= offset);
  }

  /** Of a run of boundaries that meet `holds` first and then no more, the last that does; `low` is known to. */
  private lastWhere(low: number, high: number, holds: (boundary: number) => boolean): number {
    let known = low;
    let limit = high;
    while (known < limit) {
      const middle = Math.ceil((known + limit) / 2);
      if (holds(middle)) known = middle;
      else limit = middle - 1;
    }
    return known;
  }
}

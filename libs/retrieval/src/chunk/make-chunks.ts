import type { Chunk } from '../ports/chunk.js';
import type { DocumentSection } from '../ports/document.js';
import type { Cut } from './cut-text.js';
import type { MeasuredText } from './measured-text.js';
import { SectionFinder } from './section-finder.js';

const LEADING_BLANK_LINES = /^\s*\n/;

/** Cuts as chunks, without the white space around them; those that bring nothing else are left out. */
export function makeChunks(
  measured: MeasuredText,
  cuts: readonly Cut[],
  sections: readonly DocumentSection[],
): Chunk[] {
  const finder = new SectionFinder(sections);
  const chunks: Chunk[] = [];
  for (const cut of cuts) {
    const place = trimmed(measured.text, measured.offset(cut.start), measured.offset(cut.end));
    if (place === null || place.end <= (chunks.at(-1)?.end ?? 0)) continue;
    const section = finder.find(place.start);
    chunks.push({
      index: chunks.length,
      text: measured.text.slice(place.start, place.end),
      ...place,
      tokens: measured.tokensBetween(cut.start, cut.end),
      page: section?.page ?? null,
      headings: section?.headings ?? [],
    });
  }
  return chunks;
}

/** A line's indentation stays, where the chunk begins with a whole line. */
function trimmed(text: string, start: number, end: number): { start: number; end: number } | null {
  const raw = text.slice(start, end);
  const length = raw.trimEnd().length;
  if (length === 0) return null;
  const beginsLine = start === 0 || text.charAt(start - 1) === '\n';
  const blankLines = LEADING_BLANK_LINES.exec(raw)?.[0].length ?? 0;
  const leading = beginsLine || blankLines > 0 ? blankLines : raw.length - raw.trimStart().length;
  return { start: start + leading, end: start + length };
}

/** A run of text as pdf.js gives it. `transform` ends with its place; y grows upwards. */
export interface TextPiece {
  str: string;
  hasEOL: boolean;
  height: number;
  transform: readonly unknown[];
}

/** Lines of a paragraph are hardly further apart than this many of their heights. */
const PARAGRAPH_GAP = 1.8;

/** The page's text in its own order, with blank lines where the gap between lines is wide. */
export function pageText(pieces: readonly TextPiece[]): string {
  const lines: string[] = [];
  let line = '';
  let last: { at: number; height: number } | null = null;
  for (const { str, hasEOL, height, transform } of pieces) {
    if (str.trim() !== '') {
      const at = Number(transform[5]);
      const gap = last === null || line.trim() !== '' ? 0 : Math.abs(last.at - at);
      if (gap > PARAGRAPH_GAP * Math.max(last?.height ?? 0, height, 1)) lines.push('');
      last = { at, height };
    }
    line += str;
    if (!hasEOL) continue;
    lines.push(line.trimEnd());
    line = '';
  }
  return [...lines, line].join('\n').trim();
}

import type { DocumentMetadata } from '../../../ports/document.js';

const PREVIEW_LINES = 10;
const LONGEST_PREVIEW_LINE = 200;

/** What there is to say of any text. */
export function textFacts(text: string): DocumentMetadata {
  return { lines: countLines(text), chars: text.length, preview: firstLines(text) };
}

export function countLines(text: string): number {
  if (text === '') return 0;
  let lines = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function firstLines(text: string): string {
  const start = text.slice(0, PREVIEW_LINES * LONGEST_PREVIEW_LINE * 2);
  const lines = start.split('\n', PREVIEW_LINES).map((line) => line.slice(0, LONGEST_PREVIEW_LINE));
  return lines.join('\n').trimEnd();
}

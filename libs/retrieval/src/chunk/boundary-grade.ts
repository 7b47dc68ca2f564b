import type { DocumentSection } from '../ports/document.js';
import { isSentenceEnd } from './sentence-end.js';

/** How good a place is to cut at: the higher, the better. */
export const GRADE = { piece: 0, sentence: 1, line: 2, paragraph: 3, section: 4 } as const;

/** The grade of the place before the character at `offset`, which is neither the text's beginning nor its end. */
export type GradeOf = (text: string, offset: number) => number;

const NEWLINE = 10;
/** White space without end is hostile: so far back a blank line is looked for. */
const FURTHEST_LOOK_BACK = 64;

export function proseGrade(text: string, offset: number): number {
  if (text.charCodeAt(offset - 1) === NEWLINE) return followsBlankLine(text, offset) ? GRADE.paragraph : GRADE.line;
  return isSentenceEnd(text, offset) ? GRADE.sentence : GRADE.piece;
}

/** Blank lines part less than the end of an indented block, and a block at the margin is a section. */
export function codeGrade(text: string, offset: number): number {
  if (text.charCodeAt(offset - 1) !== NEWLINE) return GRADE.piece;
  const atMargin = /[\p{L}@#/<[{]/u.test(text.charAt(offset));
  if (!followsBlankLine(text, offset)) return GRADE.sentence;
  return atMargin ? GRADE.paragraph : GRADE.line;
}

/** Where no better boundary is near, tables and listings are cut between lines; prose around them is cut rather. */
export function markdownGrade(section: DocumentSection | undefined): GradeOf {
  if (section === undefined || section.kind === 'prose') return proseGrade;
  return (text, offset) => (text.charCodeAt(offset - 1) === NEWLINE ? GRADE.sentence : GRADE.piece);
}

function followsBlankLine(text: string, offset: number): boolean {
  const least = Math.max(0, offset - 1 - FURTHEST_LOOK_BACK);
  for (let at = offset - 2; at >= least; at -= 1) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) return true;
    if (code !== 32 && code !== 9) return false;
  }
  return false;
}

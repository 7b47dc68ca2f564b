import type { DocumentSection } from '../ports/document.js';
import { GRADE, type GradeOf } from './boundary-grade.js';
import type { MeasuredText } from './measured-text.js';

export interface Grading {
  /** By what a section's boundaries are judged. */
  gradeIn: (section: DocumentSection | undefined) => GradeOf;
  /** Higher grades than this count as this. */
  best: number;
}

const BETWEEN_BREATHS = 1024;

/** The grade of each boundary, the text's beginning included. */
export async function gradeBoundaries(
  measured: MeasuredText,
  sections: readonly DocumentSection[],
  { gradeIn, best }: Grading,
  breathe: () => Promise<void> | undefined,
): Promise<Uint8Array> {
  const grades = new Uint8Array(measured.pieces + 1);
  const [first, ...others] = sections;
  let next = 0;
  let gradeOf = gradeIn(first);
  for (let boundary = 1; boundary < measured.pieces; boundary += 1) {
    const offset = measured.offset(boundary);
    grades[boundary] = Math.min(best, gradeOf(measured.text, offset));
    for (let section = others[next]; section !== undefined && section.start <= offset; section = others[next]) {
      // A listing's or table's beginning is no new section; a new heading or page is.
      if (startsSection(sections[next], section)) grades[boundary] = Math.min(best, GRADE.section);
      gradeOf = gradeIn(section);
      next += 1;
    }
    if (boundary % BETWEEN_BREATHS === 0) await breathe();
  }
  return grades;
}

function startsSection(before: DocumentSection | undefined, section: DocumentSection): boolean {
  if (before === undefined || before.page !== section.page) return true;
  return before.headings.join('\n') !== section.headings.join('\n');
}

import type { ChunkingStrategy } from '../ports/chunk.js';
import { codeGrade, GRADE, markdownGrade, proseGrade } from './boundary-grade.js';
import { cutBySense } from './cut-by-sense.js';
import type { CutContext } from './cut-context.js';
import { cutText, type Cut, type CutRules } from './cut-text.js';
import { gradeBoundaries } from './grade-boundaries.js';
import type { MeasuredText } from './measured-text.js';

type SizedStrategy = Exclude<ChunkingStrategy, { type: 'semantic' }>;

const NEVER = Infinity;

const FILL = { static: 1, recursive: 0.5, sentence: 0.25, markdown: 0.2, code: 0.3 } as const;

/** What a chunk that ends there shares with the next one says nothing of the latter. */
const NO_OVERLAP_ACROSS = {
  static: NEVER,
  recursive: NEVER,
  sentence: NEVER,
  markdown: GRADE.section,
  code: GRADE.paragraph,
} as const;

/** Where the strategy cuts the text. Without embeddings `semantic` is `recursive`. */
export async function cutBy(strategy: ChunkingStrategy, context: CutContext): Promise<Cut[]> {
  if (strategy.type !== 'semantic') return cutSized(strategy, context);
  if (context.embed !== undefined) return cutBySense(strategy, { ...context, embed: context.embed });
  return cutSized({ type: 'recursive', maxTokens: strategy.maxTokens, overlapTokens: 0 }, context);
}

async function cutSized(strategy: SizedStrategy, context: CutContext): Promise<Cut[]> {
  const grades = await gradesFor(strategy.type, context);
  return cutText(context.measured, grades, wholeOf(context.measured), rulesFor(strategy), context.breathe);
}

function wholeOf(measured: MeasuredText): Cut {
  return { start: 0, end: measured.pieces };
}

function rulesFor({ type, maxTokens, overlapTokens }: SizedStrategy): CutRules {
  return {
    maxTokens,
    overlapTokens: Math.min(overlapTokens, Math.floor(maxTokens / 2)),
    leastFill: FILL[type],
    noOverlapAcross: NO_OVERLAP_ACROSS[type],
  };
}

async function gradesFor(type: SizedStrategy['type'], context: CutContext): Promise<Uint8Array> {
  const { measured, sections, breathe } = context;
  switch (type) {
    case 'static':
      return new Uint8Array();
    case 'recursive':
      return gradeBoundaries(measured, sections, { gradeIn: () => proseGrade, best: GRADE.section }, breathe);
    case 'sentence':
      return gradeBoundaries(measured, sections, { gradeIn: () => proseGrade, best: GRADE.sentence }, breathe);
    case 'markdown':
      return gradeBoundaries(measured, sections, { gradeIn: markdownGrade, best: GRADE.section }, breathe);
    case 'code':
      return gradeBoundaries(measured, sections, { gradeIn: () => codeGrade, best: GRADE.section }, breathe);
  }
}

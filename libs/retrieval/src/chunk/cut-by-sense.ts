import type { ChunkingStrategy, EmbedTexts } from '../ports/chunk.js';
import { GRADE, proseGrade } from './boundary-grade.js';
import { breakpoints } from './breakpoints.js';
import type { CutContext } from './cut-context.js';
import { cutText, type Cut, type CutRules } from './cut-text.js';
import { gradeBoundaries } from './grade-boundaries.js';
import type { MeasuredText } from './measured-text.js';

type SemanticStrategy = Extract<ChunkingStrategy, { type: 'semantic' }>;

/** Single sentences say too little for their embeddings to be compared. */
const TOKENS_OF_A_UNIT = 64;
/** A long document is compared in larger units rather than by thousands of calls. */
const MOST_UNITS = 4096;
const UNITS_A_CALL = 256;
/** A unit would rather be short than go across the end of a paragraph. */
const UNIT_FILL = 0.1;
const CHUNK_FILL = 0.5;

/** Cuts where neighbouring units are unlike; what is then still too long is cut as `recursive` does. */
export async function cutBySense(
  strategy: SemanticStrategy,
  context: CutContext & { embed: EmbedTexts },
): Promise<Cut[]> {
  const { measured, sections, breathe } = context;
  const grades = await gradeBoundaries(measured, sections, { gradeIn: () => proseGrade, best: GRADE.section }, breathe);
  const whole = { start: 0, end: measured.pieces };
  const total = measured.tokensBetween(whole.start, whole.end);
  const unitTokens = Math.min(strategy.maxTokens, Math.max(TOKENS_OF_A_UNIT, Math.ceil((total * 2) / MOST_UNITS)));
  const units = await cutText(measured, grades, whole, rules(unitTokens, UNIT_FILL), breathe);
  const ends = breakpoints(await embedUnits(units, context), strategy.breakpointPercentile);
  const cuts: Cut[] = [];
  for (const range of joined(units, ends)) {
    cuts.push(...(await cutText(measured, grades, range, rules(strategy.maxTokens, CHUNK_FILL), breathe)));
  }
  return cuts;
}

function rules(maxTokens: number, leastFill: number): CutRules {
  return { maxTokens, overlapTokens: 0, leastFill, noOverlapAcross: GRADE.piece };
}

async function embedUnits(
  units: readonly Cut[],
  { measured, embed, signal }: { measured: MeasuredText; embed: EmbedTexts; signal: AbortSignal | undefined },
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let first = 0; first < units.length; first += UNITS_A_CALL) {
    signal?.throwIfAborted();
    const texts = units
      .slice(first, first + UNITS_A_CALL)
      .map(({ start, end }) => measured.text.slice(measured.offset(start), measured.offset(end)).trim());
    // Servers refuse empty texts; a stretch of white space is like any other.
    vectors.push(
      ...(await embed(
        texts.map((text) => text || '.'),
        signal,
      )),
    );
  }
  return vectors;
}

/** Stretches of units that belong together: each ends after one of `ends`. */
function joined(units: readonly Cut[], ends: readonly number[]): Cut[] {
  const ranges: Cut[] = [];
  let first = 0;
  for (const last of [...ends, units.length - 1]) {
    const [start, end] = [units[first]?.start, units[last]?.end];
    if (start !== undefined && end !== undefined && last >= first) ranges.push({ start, end });
    first = last + 1;
  }
  return ranges;
}

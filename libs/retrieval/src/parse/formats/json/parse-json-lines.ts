import type { ParsedDocument } from '../../../ports/document.js';
import { linesOf } from '../text/lines.js';
import { textFacts } from '../text/text-facts.js';
import { wholeDocument } from '../text/whole.js';
import { describeJson } from './describe-json.js';

const SAMPLED = 2;
const LONGEST_SAMPLE = 1_000_000;

export function parseJsonLines(text: string): ParsedDocument {
  const samples: unknown[] = [];
  let records = 0;
  for (const line of linesOf(text)) {
    if (line.trim() === '') continue;
    records += 1;
    if (samples.length < SAMPLED && line.length < LONGEST_SAMPLE) samples.push(...valueOf(line));
  }
  const described = { structure: 'lines', length: records, sample: samples.map(describeJson) };
  return wholeDocument(text, 'code', { format: 'jsonl', category: 'data', ...textFacts(text), ...described });
}

/** The line's value; none where it is broken. */
function valueOf(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

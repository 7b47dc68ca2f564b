import type { DocumentMetadata, ParsedDocument } from '../../../ports/document.js';
import type { ParseLimits } from '../../limits.js';
import { breakJson, isMinified } from '../text/break-lines.js';
import { textFacts } from '../text/text-facts.js';
import { wholeDocument } from '../text/whole.js';
import { describeJson } from './describe-json.js';

/** The text is kept as it is, numbers and order included; one long line is broken into many. */
export function parseJson(raw: string, { maxTextLength }: ParseLimits): ParsedDocument {
  const broken = isMinified(raw) ? breakJson(raw) : raw;
  const text = broken.length > maxTextLength ? raw : broken;
  return wholeDocument(text, 'code', { format: 'json', category: 'data', ...textFacts(text), ...structureOf(raw) });
}

/** A broken file is text all the same. */
function structureOf(raw: string): DocumentMetadata {
  try {
    return describeJson(JSON.parse(raw));
  } catch {
    return { structure: 'invalid' };
  }
}

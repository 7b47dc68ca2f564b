import { Parser } from 'htmlparser2';
import type { ParsedDocument } from '../../../ports/document.js';
import type { ParseLimits } from '../../limits.js';
import { breakXml, isMinified } from '../text/break-lines.js';
import { textFacts } from '../text/text-facts.js';
import { wholeDocument } from '../text/whole.js';
import { tooMuchText } from '../../unreadable.js';

const MOST_NAMES = 50;

/** The text is kept as it is. Entities of its own are not resolved, and nothing that it names is fetched. */
export function parseXml(raw: string, { maxTextLength }: ParseLimits): ParsedDocument {
  const text = isMinified(raw) ? breakXml(raw) : raw;
  if (text.length > maxTextLength) tooMuchText(maxTextLength);
  return wholeDocument(text, 'code', { format: 'xml', category: 'data', ...textFacts(text), ...outline(raw) });
}

function outline(xml: string): { root: string | null; elements: number; names: string[] } {
  const names = new Set<string>();
  let root: string | null = null;
  let elements = 0;
  const parser = new Parser(
    {
      onopentagname: (name) => {
        root ??= name.slice(0, 100);
        elements += 1;
        if (names.size < MOST_NAMES) names.add(name.slice(0, 100));
      },
    },
    { xmlMode: true, decodeEntities: false },
  );
  parser.end(xml);
  return { root, elements, names: [...names] };
}

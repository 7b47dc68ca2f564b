import { Parser } from 'htmlparser2';
import type { ParsedDocument } from '../../../ports/document.js';
import type { ParseLimits } from '../../limits.js';
import { DEEPEST_MARKUP } from '../../markup-depth.js';
import { breakXml, isMinified } from '../text/break-lines.js';
import { textFacts } from '../text/text-facts.js';
import { wholeDocument } from '../text/whole.js';

const MOST_NAMES = 50;

/** The text is kept as it is. Entities of its own are not resolved, and nothing that it names is fetched. */
export function parseXml(raw: string, { maxTextLength }: ParseLimits): ParsedDocument {
  const broken = isMinified(raw) ? breakXml(raw) : raw;
  const text = broken.length > maxTextLength ? raw : broken;
  return wholeDocument(text, 'code', { format: 'xml', category: 'data', ...textFacts(text), ...outline(raw) });
}

function outline(xml: string): { root: string | null; elements: number; names: string[] } {
  const names = new Set<string>();
  let root: string | null = null;
  let elements = 0;
  let depth = 0;
  const parser = new Parser(
    {
      onopentagname: (name) => {
        root ??= name.slice(0, 100);
        elements += 1;
        depth += 1;
        // What is below is not counted.
        if (depth > DEEPEST_MARKUP) parser.pause();
        if (names.size < MOST_NAMES) names.add(name.slice(0, 100));
      },
      onclosetag: () => (depth -= 1),
    },
    { xmlMode: true, decodeEntities: false },
  );
  parser.end(xml);
  return { root, elements, names: [...names] };
}

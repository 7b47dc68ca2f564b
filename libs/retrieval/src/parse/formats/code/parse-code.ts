import type { ParsedDocument } from '../../../ports/document.js';
import { DocumentBuilder } from '../../document-builder.js';
import type { ParseLimits } from '../../limits.js';
import { linesOf } from '../text/lines.js';
import { textFacts } from '../text/text-facts.js';
import { readDefinition, type Definition } from './definitions.js';
import { readImport } from './imports.js';

const MOST_LISTED = 200;

/** The text is kept as it is; each definition is a heading, below those that it is indented under. */
export function parseCode(text: string, language: string, limits: ParseLimits): ParsedDocument {
  const builder = new DocumentBuilder(limits);
  const definitions: string[] = [];
  const imports = new Set<string>();
  for (const line of linesOf(text)) {
    const definition = readDefinition(line, language);
    if (definition !== null) {
      builder.startHeading(definition.indent, definition.title);
      if (definitions.length < MOST_LISTED) definitions.push(listed(definition, language));
    }
    const imported = readImport(line, language);
    if (imported !== null && imports.size < MOST_LISTED) imports.add(imported);
    builder.append(line, 'code');
  }
  const found = { language, imports: [...imports], definitions };
  return builder.finish({ format: 'code', category: 'code', ...textFacts(text), ...found });
}

/** As Python programmers know it, its kind comes before the name; elsewhere the title says it. */
function listed({ title, name }: Definition, language: string): string {
  return language === 'python' ? title : title || name;
}

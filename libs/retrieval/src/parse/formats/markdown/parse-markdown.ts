import type { ParsedDocument } from '../../../ports/document.js';
import { DocumentBuilder } from '../../document-builder.js';
import type { ParseLimits } from '../../limits.js';
import { linesOf } from '../text/lines.js';
import { textFacts } from '../text/text-facts.js';
import { readLine, type MarkdownLine, type OpenBlock } from './read-line.js';

/** The text is kept as it is; its headings, listings and tables become sections. */
export function parseMarkdown(text: string, limits: ParseLimits): ParsedDocument {
  const builder = new DocumentBuilder(limits);
  let open: OpenBlock | null = null;
  let pending = '';
  for (const raw of linesOf(text)) {
    const line = readLine(raw, open, { isFirst: builder.isBlank && pending === '' });
    open = line.open;
    // A line that is underlined by the next one is a heading: it is known only then.
    if (line.type === 'underline' && isParagraphLine(pending)) {
      builder.startHeading(line.level, pending).append(pending + raw);
      pending = '';
      continue;
    }
    builder.append(pending);
    pending = '';
    if (line.type === 'text' && isParagraphLine(raw)) pending = raw;
    else appendLine(builder, raw, line);
  }
  builder.append(pending);
  return builder.finish({ format: 'markdown', category: 'text', ...textFacts(text) });
}

function isParagraphLine(line: string): boolean {
  return line.trim() !== '' && line.length <= 200;
}

function appendLine(builder: DocumentBuilder, raw: string, line: MarkdownLine): void {
  if (line.type === 'heading') builder.startHeading(line.level, line.title).append(raw);
  else builder.append(raw, line.type === 'code' || line.type === 'table' ? line.type : 'prose');
}

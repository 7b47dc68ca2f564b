import { Parser } from 'htmlparser2';
import type { ParsedDocument } from '../../../ports/document.js';
import { DocumentBuilder } from '../../document-builder.js';
import type { ParseLimits } from '../../limits.js';
import { invalid } from '../../unreadable.js';
import { DEEPEST_MARKUP } from './elements.js';
import { HtmlReader } from './html-reader.js';

/** What a browser would show. Nothing that the page names is fetched. */
export function parseHtml(html: string, limits: ParseLimits): ParsedDocument {
  const { builder, reader } = readHtml(html, limits);
  if (builder.isBlank) invalid('The page has no text: what it shows is made by scripts or consists of images.');
  const { links, tables } = reader;
  const title = reader.title.replace(/\s+/g, ' ').trim().slice(0, 300);
  return builder.finish({ format: 'html', category: 'document', title: title || null, links, tables });
}

/** Also for documents that were made into HTML on the way. */
export function readHtml(html: string, limits: ParseLimits): { builder: DocumentBuilder; reader: HtmlReader } {
  const builder = new DocumentBuilder(limits);
  const reader = new HtmlReader(builder);
  let depth = 0;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        depth += 1;
        // The parser's time grows with the square of the depth.
        if (depth > DEEPEST_MARKUP) invalid('The markup is nested too deeply to be read.');
        reader.onopentag(name, attributes);
      },
      onclosetag: (name) => {
        depth -= 1;
        reader.onclosetag(name);
      },
      ontext: (text) => reader.ontext(text),
    },
    { decodeEntities: true },
  );
  parser.end(html);
  reader.finish();
  return { builder, reader };
}

import { Parser } from 'htmlparser2';
import type { ParsedDocument } from '../../../ports/document.js';
import { DocumentBuilder } from '../../document-builder.js';
import type { ParseLimits } from '../../limits.js';
import { MarkupDepth } from '../../markup-depth.js';
import { invalid } from '../../unreadable.js';
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
  const depth = new MarkupDepth();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        depth.open();
        reader.onopentag(name, attributes);
      },
      onclosetag: (name) => {
        depth.close();
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

import mammoth from 'mammoth';
import type { ParsedDocument } from '../../../ports/document.js';
import type { Archive } from '../../archive/archive.js';
import type { ParseLimits } from '../../limits.js';
import { invalid } from '../../unreadable.js';
import { readHtml } from '../html/parse-html.js';
import { officeProperties } from './office-properties.js';

/** Through HTML: mammoth knows which styles are headings, in Word's many languages. */
export async function parseDocx(bytes: Buffer, archive: Archive, limits: ParseLimits): Promise<ParsedDocument> {
  await archive.check((name) => /\.(xml|rels)$/i.test(name));
  const { value: html } = await mammoth.convertToHtml(
    { buffer: bytes },
    {
      includeEmbeddedStyleMap: false,
      externalFileAccess: false,
      // Pictures are not unpacked at all.
      convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })),
    },
  );
  const { builder, reader } = readHtml(html, limits);
  if (builder.isBlank) invalid('The document has no text.');
  const properties = await officeProperties(archive);
  return builder.finish({ format: 'docx', category: 'document', ...properties, tables: reader.tables });
}

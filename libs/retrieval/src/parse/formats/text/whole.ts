import type { DocumentMetadata, DocumentSection, ParsedDocument } from '../../../ports/document.js';

/** A document of one section without a heading. */
export function wholeDocument(
  text: string,
  kind: DocumentSection['kind'],
  metadata: DocumentMetadata,
  headings: readonly string[] = [],
): ParsedDocument {
  return { text, sections: [{ start: 0, end: text.length, page: null, headings, kind }], metadata };
}

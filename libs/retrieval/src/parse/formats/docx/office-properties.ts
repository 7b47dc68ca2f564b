import type { DocumentMetadata } from '../../../ports/document.js';
import type { Archive } from '../../archive/archive.js';
import { readXml } from '../xml/read-xml.js';

const PROPERTIES = new Map([
  ['dc:title', 'title'],
  ['dc:creator', 'author'],
  ['dc:subject', 'subject'],
  ['cp:keywords', 'keywords'],
  ['dcterms:created', 'created'],
  ['dcterms:modified', 'modified'],
]);
const LONGEST = 300;

/** What an Office document says of itself. */
export async function officeProperties(archive: Archive): Promise<DocumentMetadata> {
  const found: DocumentMetadata = {};
  let current: string | undefined;
  readXml((await archive.read('docProps/core.xml')) ?? '', {
    onOpen: (name) => (current = PROPERTIES.get(name)),
    onClose: () => (current = undefined),
    onText: (text) => {
      if (current === undefined || text.trim() === '') return;
      const before = typeof found[current] === 'string' ? String(found[current]) : '';
      found[current] = (before + text).slice(0, LONGEST);
    },
  });
  return found;
}

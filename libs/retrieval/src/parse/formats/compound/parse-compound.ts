import XLSX from '@e965/xlsx';
import type { ParsedDocument } from '../../../ports/document.js';
import type { ParseLimits } from '../../limits.js';
import { invalid, unsupported } from '../../unreadable.js';
import { parseSheets } from '../sheets/parse-sheets.js';

/** As much as is used of what the library gives without types. */
const containers = XLSX.CFB as { read(bytes: Buffer, options: { type: 'buffer' }): { FullPaths: string[] } };

/** Old Office files, and new ones that bear a password, told by the streams in the container. */
export function parseCompound(bytes: Buffer, limits: ParseLimits): ParsedDocument {
  const streams = streamsOf(bytes);
  const has = (...names: string[]): boolean => names.some((name) => streams.has(name));
  if (has('EncryptedPackage')) invalid('The document is encrypted. Remove its password and upload it again.');
  if (has('Workbook', 'Book')) return parseSheets(bytes, limits);
  if (has('WordDocument')) {
    unsupported('The file is a Word document of the old kind (.doc).', 'Save it as .docx or .pdf.');
  }
  if (has('PowerPoint Document')) {
    unsupported('The file is a PowerPoint presentation of the old kind (.ppt).', 'Save it as .pptx or .pdf.');
  }
  return unsupported('The file is a container of no known kind.');
}

function streamsOf(bytes: Buffer): Set<string> {
  try {
    const { FullPaths } = containers.read(bytes, { type: 'buffer' });
    return new Set(FullPaths.map((path) => path.slice(path.lastIndexOf('/') + 1)));
  } catch (error) {
    return invalid('The document is damaged: it could not be read.', error);
  }
}

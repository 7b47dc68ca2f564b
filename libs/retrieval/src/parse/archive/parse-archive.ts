import type { ParsedDocument } from '../../ports/document.js';
import type { ParseLimits } from '../limits.js';
import { unsupported } from '../unreadable.js';
import { Archive } from './archive.js';

const SHEETS = ['xl/workbook.xml', 'xl/workbook.bin'];
const OPEN_DOCUMENT_SHEET = 'application/vnd.oasis.opendocument.spreadsheet';

/** Which document a zip archive is, told by what is in it. */
export async function parseArchive(bytes: Buffer, limits: ParseLimits): Promise<ParsedDocument> {
  const archive = await Archive.open(bytes, limits);
  if (archive.has('word/document.xml')) {
    return (await import('../formats/docx/parse-docx.js')).parseDocx(bytes, archive, limits);
  }
  if (archive.has('ppt/presentation.xml')) {
    return (await import('../formats/pptx/parse-pptx.js')).parsePptx(archive, limits);
  }
  if (SHEETS.some((name) => archive.has(name)) || (await isOpenDocumentSheet(archive))) {
    await archive.check(() => true);
    return (await import('../formats/sheets/parse-sheets.js')).parseSheets(bytes, limits);
  }
  return unsupported('The file is an archive that is no Office document.', 'Unpack it, and upload the files in it.');
}

async function isOpenDocumentSheet(archive: Archive): Promise<boolean> {
  return archive.has('mimetype') && (await archive.read('mimetype'))?.trim() === OPEN_DOCUMENT_SHEET;
}

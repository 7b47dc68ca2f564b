import { zip, type ZipEntry } from './zip.js';

const TYPES =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>';
const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** A Word document around a body of its XML. */
export function docxOf(body: string, more: readonly ZipEntry[] = []): Buffer {
  return zip([
    {
      name: '[Content_Types].xml',
      content: `${TYPES}<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    },
    { name: '_rels/.rels', content: relations('officeDocument', 'word/document.xml') },
    {
      name: 'word/document.xml',
      content: `<?xml version="1.0"?><w:document ${WORD}><w:body>${body}</w:body></w:document>`,
    },
    ...more,
  ]);
}

export function paragraph(text: string): string {
  return `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
}

/** A workbook of one sheet around the sheet's XML. */
export function xlsxOf(sheet: string, more: readonly ZipEntry[] = []): Buffer {
  const workbook = `<?xml version="1.0"?><workbook ${SHEET} xmlns:r="${RELATION}"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>`;
  return zip([
    {
      name: '[Content_Types].xml',
      content: `${TYPES}<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    },
    { name: '_rels/.rels', content: relations('officeDocument', 'xl/workbook.xml') },
    { name: 'xl/workbook.xml', content: workbook },
    { name: 'xl/_rels/workbook.xml.rels', content: relations('worksheet', 'worksheets/sheet1.xml') },
    { name: 'xl/worksheets/sheet1.xml', content: `<?xml version="1.0"?><worksheet ${SHEET}>${sheet}</worksheet>` },
    ...more,
  ]);
}

/** A presentation of one slide around the XML of its text, which is shown as often as its list says. */
export function pptxOf(
  slide: string,
  { list = SHOWN_SLIDE, notes = '' }: { list?: string; notes?: string } = {},
): Buffer {
  return zip([
    { name: '[Content_Types].xml', content: `${TYPES}</Types>` },
    { name: '_rels/.rels', content: relations('officeDocument', 'ppt/presentation.xml') },
    { name: 'ppt/presentation.xml', content: `<p:presentation><p:sldIdLst>${list}</p:sldIdLst></p:presentation>` },
    { name: 'ppt/_rels/presentation.xml.rels', content: relations('slide', 'slides/slide1.xml') },
    { name: 'ppt/slides/slide1.xml', content: `<p:sld><p:sp><p:txBody>${slide}</p:txBody></p:sp></p:sld>` },
    { name: 'ppt/slides/_rels/slide1.xml.rels', content: notes === '' ? '' : relations('notesSlide', notes) },
  ]);
}

export const SHOWN_SLIDE = '<p:sldId r:id="r1"/>';

export function slideParagraph(text: string): string {
  return `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`;
}

function relations(type: string, target: string): string {
  return `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${RELATION}/${type}" Target="${target}"/></Relationships>`;
}

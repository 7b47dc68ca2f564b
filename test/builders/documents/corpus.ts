import XLSX from '@e965/xlsx';
import { Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow } from 'docx';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import pptxgen from 'pptxgenjs';

/** The package's types are those of its CommonJS form; what is loaded is the other one. */
const Deck = pptxgen as unknown as typeof pptxgen.default;

/** A PDF with a page for each text, whose lines are set one below the other. */
export async function makePdf(pages: readonly string[]): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  pdf.setTitle('Annual report');
  pdf.setAuthor('Ann Author');
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const text of pages) {
    const page = pdf.addPage();
    text.split('\n').forEach((line, index) => page.drawText(line, { x: 50, y: 750 - index * 15, size: 12, font }));
  }
  return Buffer.from(await pdf.save());
}

/** A PDF as a scanner makes it: pages with shapes, and no text. */
export async function makeScannedPdf(): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  pdf.addPage().drawRectangle({ x: 50, y: 50, width: 300, height: 400 });
  return Buffer.from(await pdf.save());
}

export async function makeDocx(): Promise<Buffer> {
  const row = (...cells: string[]): TableRow =>
    new TableRow({ children: cells.map((cell) => new TableCell({ children: [new Paragraph(cell)] })) });
  const document = new Document({
    title: 'Handbook',
    creator: 'Ann Author',
    sections: [
      {
        children: [
          new Paragraph({ text: 'Handbook', heading: HeadingLevel.HEADING_1 }),
          new Paragraph('Welcome to the company.'),
          new Paragraph({ text: 'Holidays', heading: HeadingLevel.HEADING_2 }),
          new Paragraph('Everyone has thirty days.'),
          new Table({ rows: [row('Year', 'Days'), row('2026', '30')] }),
          new Paragraph({ text: 'Travel', heading: HeadingLevel.HEADING_1 }),
          new Paragraph({ text: 'Take the train.', bullet: { level: 0 } }),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}

export function makeWorkbook(bookType: 'xlsx' | 'xls' | 'xlsb' | 'ods'): Buffer {
  const book = XLSX.utils.book_new();
  const sales = XLSX.utils.aoa_to_sheet([
    ['region', 'units', 'price'],
    ['north', 3, 4.5],
    ['south', 5, null],
    [],
    ['east', 7, 1],
  ]);
  XLSX.utils.book_append_sheet(book, sales, 'Sales 2026');
  XLSX.utils.book_append_sheet(
    book,
    XLSX.utils.aoa_to_sheet([
      [1, 2],
      [3, 4],
    ]),
    'Numbers',
  );
  return XLSX.write(book, { type: 'buffer', bookType }) as Buffer;
}

export async function makePptx(): Promise<Buffer> {
  const deck = new Deck();
  deck.title = 'Deck';
  deck.defineSlideMaster({
    title: 'TITLED',
    objects: [{ placeholder: { options: { name: 'title', type: 'title', x: 1, y: 0.2, w: 8, h: 1 }, text: '' } }],
  });
  const first = deck.addSlide({ masterName: 'TITLED' });
  first.addText('Plans', { placeholder: 'title' });
  first.addText('Grow in the north.', { x: 1, y: 2, w: 8, h: 1 });
  first.addNotes('Say it slowly.');
  const second = deck.addSlide({ masterName: 'TITLED' });
  second.addText('Figures', { placeholder: 'title' });
  second.addTable(
    [
      [{ text: 'region' }, { text: 'units' }],
      [{ text: 'north' }, { text: '3' }],
    ],
    { x: 1, y: 2 },
  );
  return (await deck.write({ outputType: 'nodebuffer' })) as Buffer;
}

import { gzipSync } from 'node:zlib';
import { docxOf, paragraph, pptxOf, SHOWN_SLIDE, slideParagraph, xlsxOf } from './office.js';
import { pageObjects, pdfOf, textContent } from './pdf-source.js';
import { zip } from './zip.js';

export interface HostileFile {
  what: string;
  filename: string;
  content: Buffer;
  /** What is told of it; null where it is read all the same. */
  refusal: RegExp | null;
}

const MIB = 1024 * 1024;
/** Nothing but this must be said of a file that may break its parser in more than one way. */
const ANY_CLEAR_REFUSAL = /^The (file|archive|document|workbook|PDF|presentation)\b/;

const file = (what: string, filename: string, content: Buffer | string, refusal: RegExp | null): HostileFile => ({
  what,
  filename,
  content: Buffer.from(content as string),
  refusal,
});

const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + 'x' + close.repeat(depth);

const archives = (): HostileFile[] => [
  file('a zip bomb as docx', 'a.docx', docxOf(paragraph('a'.repeat(100 * MIB))), /too large when it is unpacked/),
  file(
    'a zip bomb as xlsx',
    'a.xlsx',
    xlsxOf('', [{ name: 'xl/media/x', content: Buffer.alloc(300 * MIB) }]),
    /too large/,
  ),
  file(
    'a zip bomb that lies about its size',
    'a.docx',
    docxOf('', [{ name: 'word/styles.xml', content: Buffer.alloc(100 * MIB, 32), claimedBytes: 100 }]),
    /archive is (damaged|too large)/,
  ),
  file(
    'a sheet that lies about its size',
    'a.xlsx',
    xlsxOf('', [{ name: 'xl/sharedStrings.xml', content: Buffer.alloc(100 * MIB, 32), claimedBytes: 10 }]),
    /archive is (damaged|too large)/,
  ),
  file(
    'an archive of twenty thousand entries',
    'a.docx',
    zip(Array.from({ length: 20_000 }, (_, index) => ({ name: `word/${index}`, content: '' }))),
    /more than 10000 entries/,
  ),
  file(
    'names that climb out of the archive',
    'a.docx',
    docxOf('', [{ name: '../../etc/passwd', content: 'x' }]),
    /damaged/,
  ),
  file('absolute names', 'a.docx', docxOf('', [{ name: '/etc/passwd', content: 'x' }]), /damaged/),
  file('an encrypted entry', 'a.docx', docxOf('', [{ name: 'word/a.xml', content: 'x', flags: 1 }]), /encrypted/),
  file('half an archive', 'a.docx', docxOf(paragraph('x')).subarray(0, 300), /damaged/),
  file('an archive of an archive', 'a.zip', zip([{ name: 'a.zip', content: zip([]) }]), /no Office document/),
  file('an empty archive', 'a.docx', zip([]), /no Office document/),
  file('a gzip bomb', 'a.txt', gzipSync(Buffer.alloc(50 * MIB)), /gzip archive/),
];

const office = (): HostileFile[] => [
  file(
    'a docx nested 100,000 deep',
    'a.docx',
    docxOf(nested('<w:tbl><w:tr><w:tc>', '</w:tc></w:tr></w:tbl>', 30_000)),
    ANY_CLEAR_REFUSAL,
  ),
  file('a docx of broken XML', 'a.docx', docxOf('<w:p><w:r></w:p'), ANY_CLEAR_REFUSAL),
  file('a docx without text', 'a.docx', docxOf(''), /no text/),
  file(
    'a docx of a billion laughs',
    'a.docx',
    docxOf('', [{ name: 'docProps/core.xml', content: laughs() }]),
    /no text/,
  ),
  file(
    'a sheet that claims all cells there can be',
    'a.xlsx',
    xlsxOf(
      '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>one</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>',
    ),
    null,
  ),
  file(
    'a huge cell',
    'a.xlsx',
    xlsxOf(
      `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${'long '.repeat(400_000)}</t></is></c></row></sheetData>`,
    ),
    null,
  ),
  file('a sheet of garbage', 'a.xlsx', xlsxOf('<sheetData><row r="x"><c r="ZZZZZZ9"><v>'), ANY_CLEAR_REFUSAL),
  file('an encrypted workbook', 'a.xlsx', encryptedOffice(), /encrypted/),
  file(
    'a container without end',
    'a.xls',
    Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000, 0xff)]),
    ANY_CLEAR_REFUSAL,
  ),
];

const presentations = (): HostileFile[] => [
  file('a pptx nested 300,000 deep', 'a.pptx', pptxOf(nested('<a:p>', '</a:p>', 300_000)), /nested too deeply/),
  file(
    'a docx whose properties are nested 300,000 deep',
    'a.docx',
    docxOf(paragraph('x'), [{ name: 'docProps/core.xml', content: nested('<a>', '</a>', 300_000) }]),
    /nested too deeply/,
  ),
  file('a slide that is its own notes', 'a.pptx', pptxOf(slideParagraph('x'), { notes: 'slide1.xml' }), null),
  file(
    'a slide whose notes are the list of slides',
    'a.pptx',
    pptxOf(slideParagraph('x'), { notes: '../presentation.xml' }),
    null,
  ),
  file(
    'a slide that is shown a million times',
    'a.pptx',
    pptxOf(slideParagraph('again '.repeat(1000)), { list: SHOWN_SLIDE.repeat(1_000_000) }),
    ANY_CLEAR_REFUSAL,
  ),
  file('a pptx without slides', 'a.pptx', pptxOf('', { list: '' }), /no text/),
];

const pdfs = (): HostileFile[] => [
  file(
    'a PDF whose page tree is a circle',
    'a.pdf',
    pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [2 0 R] /Count 1000000 >>']),
    ANY_CLEAR_REFUSAL,
  ),
  file(
    'a PDF with a broken table of objects',
    'a.pdf',
    pdfOf(pageObjects(textContent('Still here.')), { xref: false }),
    null,
  ),
  file(
    'a PDF that claims a million pages',
    'a.pdf',
    pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 1000000 >>']),
    ANY_CLEAR_REFUSAL,
  ),
  file('a PDF without a catalogue', 'a.pdf', pdfOf(['<< >>'], { root: 7 }), /damaged/),
  file('an encrypted PDF', 'a.pdf', encryptedPdf(), /encrypted|damaged/),
  file('a PDF that is only a beginning', 'a.pdf', '%PDF-1.7\n', /damaged/),
  file('a PDF whose page calls itself', 'a.pdf', recursivePdf(), ANY_CLEAR_REFUSAL),
];

const texts = (): HostileFile[] => [
  file('nothing', 'a.pdf', '', /empty/),
  file('white space', 'a.md', ' \n'.repeat(MIB), /no text/),
  file('NULs', 'a.txt', Buffer.alloc(MIB), ANY_CLEAR_REFUSAL),
  file('text with NULs', 'a.txt', 'one\0two\nthree', null),
  file('lone surrogates', 'a.html', '<p>&#xD800; &#xDFFF; ok', null),
  file(
    'bytes that are no UTF-8',
    'a.txt',
    Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9, 0x0a]), Buffer.from('ok')]),
    null,
  ),
  file('UTF-16 without a mark', 'a.txt', Buffer.from('Without a mark\n', 'utf16le'), null),
  file('JSON nested a million deep', 'a.json', nested('[', ']', MIB), null),
  file('JSON that names prototypes', 'a.json', '{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}', null),
  file('a line of JSON without end', 'a.jsonl', `{"a":"${'x'.repeat(20 * MIB)}"}\n{"a":1}`, null),
  file('HTML nested 300,000 deep', 'a.html', nested('<div>', '</div>', 300_000), /nested too deeply/),
  file('HTML that never closes', 'a.html', `<h1>${'<table><tr><td>'.repeat(100_000)}x`, /nested too deeply/),
  file('XML nested 300,000 deep', 'a.xml', nested('<a>', '</a>', 300_000), null),
  file('a billion laughs', 'a.xml', laughs(), null),
  file('headings without end', 'a.md', '# x\n'.repeat(300_000), null),
  file('a quote that never closes', 'a.csv', `a,b\n"${'x,\n'.repeat(MIB)}`, null),
  file('a million columns', 'a.csv', `${'a,'.repeat(MIB)}\n`, null),
  file('a long line of code', 'a.py', `def ${'a'.repeat(5 * MIB)}`, null),
  file('more text than is read', 'a.txt', 'words '.repeat(7 * MIB), /more than 33 million characters/),
  file('an image named as text', 'a.txt', Buffer.from('89504e470d0a1a0a', 'hex'), /PNG image/),
  file('text named as a PDF', 'a.pdf', 'Only text.', null),
  file('a name that climbs', '../../../etc/passwd\0.txt', 'text', null),
];

export const hostileFiles = (): HostileFile[] => [
  ...archives(),
  ...office(),
  ...presentations(),
  ...pdfs(),
  ...texts(),
];

function laughs(): string {
  const entities = Array.from({ length: 30 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`);
  return `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">${entities.join('')}]><l>&l30;</l>`;
}

/** As Office writes what bears a password: a container with one encrypted stream. */
function encryptedOffice(): Buffer {
  const SECTOR = 512;
  const header = Buffer.alloc(SECTOR);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(4096, 56);
  header.writeInt32LE(-2, 60);
  header.writeInt32LE(-2, 68);
  header.fill(0xff, 76);
  header.writeUInt32LE(0, 76);
  const table = Buffer.alloc(SECTOR, 0xff);
  table.writeInt32LE(-3, 0);
  table.writeInt32LE(-2, 4);
  for (let sector = 2; sector < 10; sector += 1) table.writeInt32LE(sector === 9 ? -2 : sector + 1, sector * 4);
  const directory = Buffer.alloc(SECTOR);
  entry('Root Entry', 5, { child: 1, start: -2, size: 0 }).copy(directory, 0);
  entry('EncryptedPackage', 2, { child: -1, start: 2, size: 4096 }).copy(directory, 128);
  for (const at of [256, 384]) directory.fill(0xff, at + 68, at + 80);
  return Buffer.concat([header, table, directory, Buffer.alloc(4096, 7)]);
}

function entry(
  name: string,
  type: number,
  { child, start, size }: { child: number; start: number; size: number },
): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write(name, 'utf16le');
  bytes.writeUInt16LE((name.length + 1) * 2, 64);
  bytes.writeUInt8(type, 66);
  bytes.writeUInt8(1, 67);
  bytes.writeInt32LE(-1, 68);
  bytes.writeInt32LE(-1, 72);
  bytes.writeInt32LE(child, 76);
  bytes.writeInt32LE(start, 116);
  bytes.writeUInt32LE(size, 120);
  return bytes;
}

function encryptedPdf(): Buffer {
  const hex = (byte: string): string => `<${byte.repeat(32)}>`;
  const objects = pageObjects(textContent('secret'));
  const encrypt = `<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O ${hex('41')} /U ${hex('42')} >>`;
  const plain = pdfOf([...objects, encrypt]).toString('latin1');
  return Buffer.from(
    plain.replace('/Root 1 0 R', `/Root 1 0 R /Encrypt ${objects.length + 1} 0 R /ID [<01><01>]`),
    'latin1',
  );
}

function recursivePdf(): Buffer {
  const [catalog = '', pages = '', , content = '', font = ''] = pageObjects('/X Do /X Do');
  const page =
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /X 6 0 R >> >> >>';
  const form =
    '<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 11 /Resources << /XObject << /X 6 0 R >> >> >>\nstream\n/X Do /X Do\nendstream';
  return pdfOf([catalog, pages, page, content, font, form]);
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocumentParser, type ParsedDocument } from '@libs/retrieval';
import { afterAll, describe, expect, it } from '@jest/globals';
import { makeDocx, makePdf, makePptx, makeScannedPdf, makeWorkbook } from '../../builders/documents/corpus.js';

const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
const parser = createDocumentParser({ processes: 1 });
afterAll(async () => {
  await parser.close();
  rmSync(folder, { recursive: true });
});

async function parse(filename: string, content: Buffer | string): Promise<ParsedDocument> {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return parser.parse({ path, filename });
}

/** Page, headings and words of each section. */
function outline({ text, sections }: ParsedDocument): [number | null, string, string][] {
  return sections.map(({ start, end, page, headings }) => [
    page,
    headings.join(' > '),
    text.slice(start, end).trim().replace(/\s+/g, ' '),
  ]);
}

describe('PDF', () => {
  it('gives the text page by page', async () => {
    const document = await parse('report.pdf', await makePdf(['First page.\nIts second line.', 'Page two: 42%.']));
    expect(outline(document)).toEqual([
      [1, '', 'First page. Its second line.'],
      [2, '', 'Page two: 42%.'],
    ]);
    expect(document.text).toContain('First page.\nIts second line.');
    expect(document.metadata).toMatchObject({ format: 'pdf', pages: 2, title: 'Annual report', author: 'Ann Author' });
  });

  it('is known by its content under another name', async () => {
    expect((await parse('report.txt', await makePdf(['Hello.']))).metadata.format).toBe('pdf');
  });

  it('says that a scanned one has no text', async () => {
    await expect(parse('scan.pdf', await makeScannedPdf())).rejects.toMatchObject({
      reason: 'invalid_file',
      message: expect.stringMatching(/^The PDF has no text/),
    });
  });
});

describe('Word', () => {
  it('gives headings, tables and lists', async () => {
    const document = await parse('handbook.docx', await makeDocx());
    expect(outline(document)).toEqual([
      [null, 'Handbook', 'Handbook Welcome to the company.'],
      [null, 'Handbook > Holidays', 'Holidays Everyone has thirty days.'],
      [null, 'Handbook > Holidays', 'Year | Days 2026 | 30'],
      [null, 'Travel', 'Travel - Take the train.'],
    ]);
    expect(document.metadata).toMatchObject({ format: 'docx', title: 'Handbook', author: 'Ann Author' });
  });
});

describe('workbooks', () => {
  it.each(['xlsx', 'xls', 'xlsb', 'ods'] as const)('gives the sheets of %s', async (type) => {
    const document = await parse(`sales.${type}`, makeWorkbook(type));
    expect(document.text).toContain('region | units | price\nnorth | 3 | 4.5\nsouth | 5\neast | 7 | 1\n');
    expect(document.sections.find(({ kind }) => kind === 'table')).toMatchObject({
      page: 1,
      headings: ['Sales 2026', 'region, units, price'],
    });
    expect(document.sections.at(-1)).toMatchObject({ page: 2, headings: ['Numbers'] });
    expect(document.metadata).toMatchObject({
      format: 'excel',
      sheet_count: 2,
      sheet_names: ['Sales 2026', 'Numbers'],
      sheets: [{ name: 'Sales 2026', rows: 4, columns: 3, column_names: ['region', 'units', 'price'] }, { rows: 2 }],
    });
  });
});

describe('PowerPoint', () => {
  it('gives a page for each slide, with its title, tables and notes', async () => {
    const document = await parse('deck.pptx', await makePptx());
    expect(outline(document)).toEqual([
      [1, 'Plans', 'Plans Grow in the north. Notes: Say it slowly.'],
      [2, 'Figures', 'Figures region | units north | 3'],
    ]);
    expect(document.metadata).toMatchObject({ format: 'pptx', pages: 2, slides: ['Plans', 'Figures'] });
  });
});

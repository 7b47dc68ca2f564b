import { getDocumentProxy } from 'unpdf';
import type { DocumentMetadata, ParsedDocument } from '../../../ports/document.js';
import { DocumentBuilder } from '../../document-builder.js';
import type { ParseLimits } from '../../limits.js';
import { invalid, picture } from '../../unreadable.js';
import { pageText, type TextPiece } from './page-text.js';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

const LONGEST_PROPERTY = 300;
const PROPERTIES = new Map([
  ['Title', 'title'],
  ['Author', 'author'],
  ['Subject', 'subject'],
  ['Keywords', 'keywords'],
  ['CreationDate', 'created'],
]);
/** Only errors: warnings of damaged files are without end. */
const QUIET = 0;

/** A section for each page that has text. */
export async function parsePdf(bytes: Buffer, limits: ParseLimits): Promise<ParsedDocument> {
  const pdf = await openPdf(bytes);
  const builder = new DocumentBuilder(limits);
  const unreadable = await appendPages(pdf, builder);
  if (builder.isBlank && unreadable > 0) invalid('The PDF is damaged: none of its pages could be read.');
  if (builder.isBlank) {
    picture(
      'invalid_file',
      'The PDF has no text: its pages are images, as scanners make them. Run it through text recognition (OCR) first.',
    );
  }
  const properties = await readProperties(pdf);
  const damage = unreadable > 0 ? { unreadable_pages: unreadable } : {};
  const document = builder.finish({
    format: 'pdf',
    category: 'document',
    pages: pdf.numPages,
    ...properties,
    ...damage,
  });
  await pdf.destroy();
  return document;
}

async function openPdf(bytes: Buffer): Promise<PdfDocument> {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: QUIET,
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
      stopAtErrors: false,
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      return invalid('The PDF is encrypted. Remove its password and upload it again.', error);
    }
    return invalid('The PDF is damaged: it could not be read.', error);
  }
}

/** @returns how many pages could not be read */
async function appendPages(pdf: PdfDocument, builder: DocumentBuilder): Promise<number> {
  let unreadable = 0;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const text = await readPage(pdf, number);
    if (text === null) unreadable += 1;
    else if (text !== '') builder.startPage(number).append(`${text}\n\n`);
  }
  return unreadable;
}

async function readPage(pdf: PdfDocument, number: number): Promise<string | null> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    return pageText(items.filter((item): item is TextPiece & typeof item => 'str' in item));
  } catch {
    return null;
  }
}

async function readProperties(pdf: PdfDocument): Promise<DocumentMetadata> {
  const info = await pdf.getMetadata().then(
    (metadata) => metadata.info as Record<string, unknown>,
    () => ({}),
  );
  return Object.fromEntries(
    Object.entries(info).flatMap(([name, value]) => {
      const property = PROPERTIES.get(name);
      if (property === undefined || typeof value !== 'string' || value === '') return [];
      return [[property, value.slice(0, LONGEST_PROPERTY)] as const];
    }),
  );
}

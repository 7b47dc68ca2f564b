import type { ParsedDocument } from '../ports/document.js';
import { isCompoundFile } from './format/compound-file.js';
import { extensionOf, languageOf } from './format/extensions.js';
import { isPicture, knownUnread } from './format/signatures.js';
import { textFormat } from './format/text-format.js';
import type { ParseLimits } from './limits.js';
import { cleanText } from './text/clean-text.js';
import { decodeText } from './text/decode-text.js';
import { looksBinary } from './text/looks-binary.js';
import { invalid, picture, SUPPORTED, tooMuchText, unsupported } from './unreadable.js';

export interface FileContent {
  bytes: Buffer;
  filename: string;
}

/** Of a zip archive with entries, and of one without. */
const ARCHIVE_MARKS = new Set(['504b0304', '504b0506']);
const PDF_MARK = '%PDF-';
/** Mail programs and printers put something before it. */
const PDF_MARK_WITHIN = 1024;

/**
 * Reads a file by what its content is; the name decides only between kinds of text. Libraries are loaded when the first
 * file needs them.
 *
 * @throws UnreadableDocumentError; whatever else it throws, the file is to blame for
 */
export async function parseFile({ bytes, filename }: FileContent, limits: ParseLimits): Promise<ParsedDocument> {
  if (bytes.length === 0) invalid('The file is empty.');
  const extension = extensionOf(filename);
  if (bytes.subarray(0, PDF_MARK_WITHIN).includes(PDF_MARK)) {
    return (await import('./formats/pdf/parse-pdf.js')).parsePdf(bytes, limits);
  }
  if (ARCHIVE_MARKS.has(bytes.toString('hex', 0, 4))) {
    return (await import('./archive/parse-archive.js')).parseArchive(bytes, limits);
  }
  if (isCompoundFile(bytes)) return (await import('./formats/compound/parse-compound.js')).parseCompound(bytes, limits);
  const unread = knownUnread(bytes);
  if (unread !== undefined && isPicture(unread)) picture('unsupported_file', `The file is ${unread}. ${SUPPORTED}`);
  if (unread !== undefined) unsupported(`The file is ${unread}.`);
  return parseText(bytes, extension, limits);
}

async function parseText(bytes: Buffer, extension: string, limits: ParseLimits): Promise<ParsedDocument> {
  const { text: raw, encoding } = decodeText(bytes);
  if (looksBinary(raw)) unsupported('The file is neither text nor a document of a known format.');
  const text = cleanText(raw);
  if (text.trim() === '') invalid('The file has no text: it holds nothing but white space.');
  if (text.length > limits.maxTextLength) tooMuchText(limits.maxTextLength);
  const document = await parseTextAs(textFormat(text, extension), { text, extension }, limits);
  return { ...document, metadata: { ...document.metadata, encoding } };
}

async function parseTextAs(
  format: ReturnType<typeof textFormat>,
  { text, extension }: { text: string; extension: string },
  limits: ParseLimits,
): Promise<ParsedDocument> {
  switch (format) {
    case 'plain':
      return (await import('./formats/text/parse-plain.js')).parsePlain(text);
    case 'markdown':
      return (await import('./formats/markdown/parse-markdown.js')).parseMarkdown(text, limits);
    case 'code':
      return (await import('./formats/code/parse-code.js')).parseCode(text, languageOf(extension) ?? 'unknown', limits);
    case 'html':
      return (await import('./formats/html/parse-html.js')).parseHtml(text, limits);
    case 'xml':
      return (await import('./formats/xml/parse-xml.js')).parseXml(text, limits);
    case 'csv':
      return (await import('./formats/csv/parse-csv.js')).parseCsv(text, limits);
    case 'json':
      return (await import('./formats/json/parse-json.js')).parseJson(text, limits);
    case 'jsonl':
      return (await import('./formats/json/parse-json-lines.js')).parseJsonLines(text);
  }
}

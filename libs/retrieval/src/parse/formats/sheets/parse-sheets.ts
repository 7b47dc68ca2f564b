import XLSX from '@e965/xlsx';
import type { DocumentMetadata, ParsedDocument } from '../../../ports/document.js';
import { errorMessage } from '@libs/kernel';
import { DocumentBuilder } from '../../document-builder.js';
import type { ParseLimits } from '../../limits.js';
import { invalid } from '../../unreadable.js';
import { columnsTitle, isHeader } from '../csv/header.js';
import { readRows, type Row } from './read-rows.js';

const DESCRIBED_SHEETS = 5;
const SAMPLED_ROWS = 3;
const LONGEST_CELL = 200;

/** A page for each sheet, under its name and those of its columns; a line for each row. */
export function parseSheets(bytes: Buffer, limits: ParseLimits): ParsedDocument {
  const workbook = readWorkbook(bytes);
  const builder = new DocumentBuilder(limits);
  const described: DocumentMetadata[] = [];
  for (const [index, name] of workbook.SheetNames.entries()) {
    const sheet = workbook.Sheets[name];
    builder.startPage(index + 1).startHeading(1, name);
    const facts = appendSheet(
      builder,
      name,
      sheet !== undefined && '!data' in sheet ? readRows(sheet as XLSX.DenseWorkSheet) : [],
    );
    if (described.length < DESCRIBED_SHEETS) described.push({ name, ...facts });
  }
  if (builder.isBlank) invalid('The workbook has no text: its sheets are empty.');
  const names = workbook.SheetNames;
  return builder.finish({
    format: 'excel',
    category: 'data',
    sheet_count: names.length,
    sheet_names: names.slice(0, 100),
    sheets: described,
  });
}

function readWorkbook(bytes: Buffer): XLSX.WorkBook {
  try {
    return XLSX.read(bytes, { type: 'buffer', dense: true, cellFormula: false, cellHTML: false, bookVBA: false });
  } catch (error) {
    if (/password|encrypt/i.test(errorMessage(error))) {
      return invalid('The workbook is encrypted. Remove its password and upload it again.', error);
    }
    return invalid('The workbook is damaged: it could not be read.', error);
  }
}

function appendSheet(builder: DocumentBuilder, name: string, rows: Iterable<Row>): DocumentMetadata {
  let count = 0;
  let columns = 0;
  let header: Row = [];
  const samples: Row[] = [];
  for (const row of rows) {
    if (count === 0) {
      builder.append(`${name}\n`);
      if (isHeader(row)) header = row;
      if (header.length > 0) builder.startHeading(2, columnsTitle(header));
    }
    count += 1;
    columns = Math.max(columns, row.length);
    builder.append(`${row.join(' | ')}\n`, 'table');
    if (row !== header && samples.length < SAMPLED_ROWS) samples.push(row.map((cell) => cell.slice(0, LONGEST_CELL)));
  }
  if (count > 0) builder.append('\n');
  return { rows: count, columns, column_names: header.slice(0, 200), sample_rows: samples };
}

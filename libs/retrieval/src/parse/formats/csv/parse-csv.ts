import { parse } from 'csv-parse/sync';
import type { ParsedDocument } from '../../../ports/document.js';
import { DocumentBuilder } from '../../document-builder.js';
import type { ParseLimits } from '../../limits.js';
import { textFacts } from '../text/text-facts.js';
import { countRows } from './count-rows.js';
import { detectDelimiter } from './delimiter.js';
import { columnsTitle, isHeader } from './header.js';

const SAMPLED_ROWS = 3;
const LOOK_LENGTH = 262_144;
const MOST_COLUMNS = 200;
const LONGEST_CELL = 200;

/** The text is kept as it is; the names of its columns are its heading. */
export function parseCsv(text: string, limits: ParseLimits): ParsedDocument {
  const delimiter = detectDelimiter(text);
  const [first = [], ...others] = firstRows(text, delimiter);
  const headers = isHeader(first) ? first : [];
  const builder = new DocumentBuilder(limits);
  if (headers.length > 0) builder.startHeading(1, columnsTitle(headers));
  builder.append(text, 'table');
  const samples = (headers.length > 0 ? others : [first, ...others]).slice(0, SAMPLED_ROWS);
  const facts = { rows: countRows(text), delimiter, columns: first.length, headers, sample_rows: samples };
  return builder.finish({ format: 'csv', category: 'data', ...textFacts(text), ...facts });
}

function firstRows(text: string, delimiter: string): string[][] {
  const rows = parse(text.slice(0, LOOK_LENGTH), {
    delimiter,
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
    // A quote that the look's end leaves open is no error; it needs a line less.
    skipRecordsWithError: true,
    to: SAMPLED_ROWS + 1,
  });
  return rows.map((row) => row.slice(0, MOST_COLUMNS).map((cell) => cell.slice(0, LONGEST_CELL)));
}

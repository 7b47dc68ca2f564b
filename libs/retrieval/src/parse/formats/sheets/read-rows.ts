import type { CellObject, DenseWorkSheet } from '@e965/xlsx';

/** A row's cells as they are shown; empty ones in between are empty strings. */
export type Row = readonly string[];

const MOST_COLUMNS = 1000;

/**
 * The rows that hold something. Goes by the cells there are: a sheet may claim a million rows and have one.
 */
export function* readRows(sheet: DenseWorkSheet): Generator<Row> {
  // Sparse: forEach and Object.keys skip what was never set, an index does not.
  for (const key of Object.keys(sheet['!data'])) {
    const cells = sheet['!data'][Number(key)];
    const row = cells === undefined ? [] : shown(cells);
    if (row.length > 0) yield row;
  }
}

function shown(cells: readonly (CellObject | undefined)[]): Row {
  const row: string[] = [];
  for (const key of Object.keys(cells)) {
    const column = Number(key);
    if (column >= MOST_COLUMNS) break;
    const text = cellText(cells[column]);
    if (text === '') continue;
    while (row.length < column) row.push('');
    row.push(text);
  }
  return row;
}

function cellText(cell: CellObject | undefined): string {
  if (cell === undefined || cell.t === 'z') return '';
  const text = cell.w ?? (cell.v instanceof Date ? cell.v.toISOString() : String(cell.v ?? ''));
  return text.replace(/\s+/g, ' ').trim();
}

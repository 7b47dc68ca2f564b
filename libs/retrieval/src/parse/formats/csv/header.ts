const LONGEST_TITLE = 200;

/** Whether a first row names its columns: all named, no number among them. */
export function isHeader(row: readonly string[]): boolean {
  return row.length > 0 && row.every((cell) => cell.trim() !== '' && Number.isNaN(Number(cell.trim())));
}

/** The names of columns as a heading: what is below a table's first page makes sense with them. */
export function columnsTitle(columns: readonly string[]): string {
  const title = columns.map((column) => column.replace(/\s+/g, ' ').trim()).join(', ');
  return title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - 1)}…` : title;
}

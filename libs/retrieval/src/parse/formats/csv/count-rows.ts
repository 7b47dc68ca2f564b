/** Rows that hold something. A line end within quotes is part of a cell. */
export function countRows(text: string): number {
  let rows = 0;
  let inQuotes = false;
  let isBlank = true;
  for (const { 0: mark } of text.matchAll(/"|\n|[^"\n]+/g)) {
    if (mark === '"') inQuotes = !inQuotes;
    if (mark === '\n' && !inQuotes) {
      if (!isBlank) rows += 1;
      isBlank = true;
    } else if (isBlank && mark.trim() !== '') isBlank = false;
  }
  return isBlank ? rows : rows + 1;
}

/** What every text has; it says nothing of a file's structure. */
const PLAIN = new Set(['category', 'lines', 'chars', 'preview']);
/** Parts of the content. */
const CONTENT = new Set(['sample', 'sample_rows']);
/** Worth telling beside a structure, not alone. */
const FORM = new Set(['format', 'encoding']);
const MOST_CHARACTERS = 1200;

/**
 * How a file is built, as JSON for a model: a table's columns, a workbook's sheets, a program's definitions. Empty where
 * the file has no such structure. Properties are left out whole where there is no room. Files are hostile: nothing in
 * the JSON looks like a tag.
 *
 * @param withContent whether samples of the content are part of it
 */
export function fileFacts(metadata: Readonly<Record<string, unknown>> | null, withContent: boolean): string {
  const kept: Record<string, unknown> = {};
  let room = MOST_CHARACTERS;
  for (const [key, value] of Object.entries(metadata ?? {})) {
    if (PLAIN.has(key) || (CONTENT.has(key) && !withContent)) continue;
    const fact = withContent ? value : withoutContent(value);
    const size = JSON.stringify({ [key]: fact }).length;
    if (size > room) continue;
    kept[key] = fact;
    room -= size;
  }
  const tells = Object.keys(kept).some((key) => !FORM.has(key));
  return tells ? JSON.stringify(kept).replace(/</g, '\\u003c') : '';
}

/** The sheets of a workbook have samples of their own. */
function withoutContent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutContent);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (CONTENT.has(key) ? [] : [[key, withoutContent(inner)]])),
  );
}

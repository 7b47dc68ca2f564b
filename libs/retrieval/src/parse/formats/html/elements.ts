const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** What they hold is not for readers. */
export const UNREAD = set(
  'script style noscript template head svg math iframe object embed canvas select datalist dialog',
);

/** They begin and end lines. */
export const LINES = set(
  'address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form header hr li main nav section summary tr thead tbody tfoot option',
);

/** A blank line stands before and after them. */
export const PARAGRAPHS = set('p pre table ul ol h1 h2 h3 h4 h5 h6');

export const CELLS = set('td th');

/** Level of a heading element; undefined for others. */
export function headingLevel(name: string): number | undefined {
  const [, level] = /^h([1-6])$/.exec(name) ?? [];
  return level === undefined ? undefined : Number(level);
}

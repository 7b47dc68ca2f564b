export interface WebLink {
  title: string;
  address: string;
  /** Of the whole link, in the text. */
  length: number;
}

const LONGEST_TITLE = 500;
const LONGEST_TARGET = 2500;
const WEB_ADDRESS = /^<?(https?:\/\/[^\s<>]+)>?(?:\s.*)?$/i;

/**
 * The Markdown link to the web with which the text begins, at its `[`; null where there is none, undecided where more has to
 * come to know.
 */
export function readLink(text: string, atEnd: boolean): WebLink | 'undecided' | null {
  const titleEnd = closerOf(text, 0, '[]', LONGEST_TITLE);
  const opener = titleEnd === null ? null : text.charAt(titleEnd + 1);
  if (titleEnd === -1 || opener === '') return atEnd ? null : 'undecided';
  if (titleEnd === null || opener !== '(') return null;
  const end = closerOf(text, titleEnd + 1, '()', LONGEST_TARGET);
  if (end === -1) return atEnd ? null : 'undecided';
  const address = end === null ? undefined : WEB_ADDRESS.exec(text.slice(titleEnd + 2, end).trim())?.[1];
  if (end === null || address === undefined) return null;
  return { title: text.slice(1, titleEnd), address, length: end + 1 };
}

/** Where what is opened at the place is closed again: -1 where the text ends before, null where it is not in this line. */
function closerOf(text: string, from: number, [opener, closer]: string, longest: number): number | null {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\n' || at - from > longest) return null;
    if (character === opener) depth += 1;
    if (character === closer) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

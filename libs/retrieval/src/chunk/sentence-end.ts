const WORD_BEFORE = /[\p{L}.]{1,12}$/u;
const LONGEST_LOOK = 16;

/** Their full stop ends no sentence, mostly; nor does an initial's. */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof sr jr st vs etc e.g i.e cf fig figs eq no nos vol pp al inc ltd co corp dept approx est z.b d.h bzw ca'.split(
    ' ',
  ),
);

/** Whether a sentence ends before the character at `offset`. Errs where only the meaning could tell. */
export function isSentenceEnd(text: string, offset: number): boolean {
  const end = skipClosing(text, offset);
  const mark = text.charAt(end - 1);
  if (/[。！？｡]/.test(mark)) return true;
  if (!/[.!?…]/.test(mark) || !/\s/.test(text.charAt(offset))) return false;
  return mark !== '.' || end < offset || isFullStop(text, end - 1, offset);
}

function skipClosing(text: string, offset: number): number {
  let end = offset;
  while (end > offset - LONGEST_LOOK && /["'”’»)\]*_]/.test(text.charAt(end - 1))) end -= 1;
  return end;
}

function isFullStop(text: string, dot: number, offset: number): boolean {
  const next = text.slice(offset, offset + LONGEST_LOOK).trimStart();
  if (/^\p{Ll}/u.test(next)) return false;
  const [word = ''] = WORD_BEFORE.exec(text.slice(Math.max(0, dot - LONGEST_LOOK), dot)) ?? [];
  return !/^\p{Lu}$/u.test(word) && !ABBREVIATIONS.has(word.toLowerCase());
}

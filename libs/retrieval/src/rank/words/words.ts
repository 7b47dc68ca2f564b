import { stem } from './stem.js';
import { STOP_WORDS } from './stop-words.js';

/** Told a term and the UTF-16 offset of its word. */
export type VisitWord = (term: string, start: number) => void;

/** Longer ones are encoded data rather than words. */
const LONGEST_TERM = 64;
const REMEMBERED_WORDS = 50_000;
const LAST_ASCII = 127;

/** Scripts that part no words by spaces, or, as Korean does, hang particles on them: they are searched by pairs of characters. */
const PAIRED =
  '[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]';
const IN_WORD = '[\\p{L}\\p{N}\\p{M}]';
/** Within a run that has other characters than ASCII's: what is searched by pairs, and words, such as a year beside it. */
const WORD = new RegExp(`(?<paired>(?:(?=${PAIRED})${IN_WORD})+)|(?:(?!${PAIRED})${IN_WORD})+`, 'gu');

const IS_WORD_CHARACTER = Uint8Array.from({ length: LAST_ASCII + 1 }, (_, code) =>
  /[A-Za-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Words as they were met, and their terms; null for a stop word. */
const terms = new Map<string, string | null>();

/** The distinct terms of a text, in order of appearance. */
export function termsOf(text: string): string[] {
  const found = new Set<string>();
  visitWords(text, (term) => found.add(term));
  return [...found];
}

/**
 * Goes through the terms of a text in order, without stop words, as they are indexed and searched. A scan by hand,
 * since this is what ingestion and ranking spend their time on: a pattern takes four times as long.
 */
export function visitWords(text: string, visit: VisitWord): void {
  const { length } = text;
  let at = 0;
  while (at < length) {
    if (!isWordCode(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    let highest = 0;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (!isWordCode(code)) break;
      if (code > highest) highest = code;
      at += 1;
    }
    const run = text.slice(start, at);
    if (highest <= LAST_ASCII) visitPlain(run, start, visit);
    else visitForeign(run, start, visit);
  }
}

function isWordCode(code: number): boolean {
  return code > LAST_ASCII || IS_WORD_CHARACTER[code] === 1;
}

function visitPlain(word: string, start: number, visit: VisitWord): void {
  if (word.length > LONGEST_TERM) return;
  let term = terms.get(word);
  if (term === undefined) {
    const own = copyOf(word);
    term = termOf(own.toLowerCase());
    if (terms.size >= REMEMBERED_WORDS) terms.clear();
    terms.set(own, term);
  }
  if (term !== null) visit(term, start);
}

/** Of a string of its own: V8's slices of thirteen characters or more keep the text that they are of. */
function copyOf(word: string): string {
  return Buffer.from(word).toString();
}

function termOf(word: string): string | null {
  return STOP_WORDS.has(word) ? null : stem(word);
}

function visitForeign(run: string, offset: number, visit: VisitWord): void {
  for (const { 0: word, index, groups } of run.matchAll(WORD)) {
    const start = offset + index;
    if (groups?.paired !== undefined) visitPairs(word, start, visit);
    else visitPlain(plainOf(word), start, visit);
  }
}

/** "naïve" is found by "naive", and "Straße" by "STRASSE": accents are often left out. */
function plainOf(word: string): string {
  return word.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[ßẞ]/g, 'ss');
}

function visitPairs(word: string, start: number, visit: VisitWord): void {
  const characters = [...word];
  let at = start;
  characters.forEach((character, index) => {
    const next = characters[index + 1];
    if (next !== undefined || index === 0) visit(character + (next ?? ''), at);
    at += character.length;
  });
}

import { stem } from './stem.js';
import { STOP_WORDS } from './stop-words.js';

/** Told a term and the UTF-16 offset of its word. */
export type VisitWord = (term: string, start: number) => void;

/** Longer ones are encoded data rather than words. */
const LONGEST_TERM = 64;
const REMEMBERED_WORDS = 50_000;
const LAST_ASCII = 127;

/** Within a run that has other characters than ASCII's: its letters, digits and marks. */
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that part no words by spaces: they are searched by pairs of characters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

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
    term = termOf(word.toLowerCase());
    if (terms.size >= REMEMBERED_WORDS) terms.clear();
    terms.set(word, term);
  }
  if (term !== null) visit(term, start);
}

function termOf(word: string): string | null {
  return STOP_WORDS.has(word) ? null : stem(word);
}

function visitForeign(run: string, offset: number, visit: VisitWord): void {
  for (const { 0: word, index } of run.matchAll(WORD)) {
    const start = offset + index;
    if (UNSPACED.test(word)) visitPairs(word, start, visit);
    // "naïve" is found by "naive": accents are often left out.
    else visitPlain(word.normalize('NFKD').replace(/\p{M}/gu, ''), start, visit);
  }
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

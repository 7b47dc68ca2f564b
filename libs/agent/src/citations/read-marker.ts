import { headLength, isBlank, mayBecomeWord, parseBody, type MarkerBody } from './marker-body.js';

/**
 * What a text that begins with an opening bracket begins with.
 * `marker`: numbers of sources, or none where the marker forgot them; then `name` may be a file's.
 */
export type MarkerReading =
  | 'undecided'
  | { type: 'text'; length: number }
  | {
      type: 'marker';
      length: number;
      body: MarkerBody | null;
      name: string;
      /** Closing brackets that belong to it and may follow at once. */
      closing: number;
      /** Closing brackets that belong to it and come after the marker within it. */
      nested: number;
      /** One bracket of a kind that has other uses, too: it counts only where its numbers are sources'. */
      isWeak: boolean;
    };

/** Whoever writes more than this has forgotten to close the bracket. */
const LONGEST_BODY = 80;
const LONGEST_QUOTE = 600;
/** How markers are opened, the tool's own way and others. */
export const OPENERS = '[【〔⟦［(';
/** How they end. */
export const CLOSER = /[\]】〕⟧］]/;
const QUOTATION: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“', '«': '»' };
const QUOTED_TAIL = /^[\s|:,;†–-]*["“”„«]/;

/** @param atEnd whether nothing will follow the text */
export function readMarker(text: string, atEnd: boolean): MarkerReading {
  const opening = /^(?:\[+|[【〔⟦［]+|\()/.exec(text)?.[0] ?? '';
  if (opening === '(') return readSingle(text, ')', atEnd);
  if (opening.length === text.length && !atEnd) return 'undecided';
  return opening === '[' ? readSingle(text, ']', atEnd) : readStrong(text, opening.length, atEnd);
}

/** `[1]`, `[^1]`, `[source 1]`, `(source 1)`: given up at the first character that does not fit. */
function readSingle(text: string, closer: ')' | ']', atEnd: boolean): MarkerReading {
  const near = text.slice(0, LONGEST_BODY + 3);
  const end = near.indexOf(closer, 1);
  const body = near.slice(1, end < 0 ? undefined : end);
  if (!fitsSingle(body, closer)) return { type: 'text', length: 1 };
  if (end < 0) return atEnd && closer === ']' ? singleMarker(body, text.length) : undecidedUnless(atEnd);
  if (closer === ']') {
    if (end + 1 === text.length && !atEnd) return 'undecided';
    // The text of a link.
    if (text.charAt(end + 1) === '(') return { type: 'text', length: 1 };
  }
  return singleMarker(body, end + 1);
}

function undecidedUnless(atEnd: boolean): MarkerReading {
  return atEnd ? { type: 'text', length: 1 } : 'undecided';
}

function fitsSingle(body: string, closer: ')' | ']'): boolean {
  const match = /^[\s^#]*([a-z]*)[\s:#.]*((?:\d[\d\s,;:&–-]*)?)(†.*)?$/i.exec(body);
  if (!match || body.length > LONGEST_BODY) return false;
  const [, letters = '', digits = ''] = match;
  if (closer === ')') return /^s/i.test(letters || 's') && mayBecomeWord(letters) && (letters !== '' || digits === '');
  return mayBecomeWord(letters);
}

function singleMarker(text: string, length: number): MarkerReading {
  const body = parseBody(text);
  if (!body) return { type: 'text', length: 1 };
  return { type: 'marker', length, body, name: '', closing: 0, nested: 0, isWeak: true };
}

function readStrong(text: string, opened: number, atEnd: boolean): MarkerReading {
  const found = findEnd(text, opened, atEnd);
  if (found === 'undecided') return found;
  const body = text.slice(opened, found.bodyEnd);
  if (!found.isClosed) return readCut(text, body, opened, found);
  const parsed = parseBody(body);
  const marker = { type: 'marker' as const, length: found.end, body: parsed, closing: opened - 1, nested: 0 };
  if (parsed || isBlank(body) || body.includes('†')) return { ...marker, name: '', isWeak: false };
  return { ...marker, name: body, isWeak: false };
}

interface BodyEnd {
  bodyEnd: number;
  end: number;
  isClosed: boolean;
}

/** The first closing bracket outside a quote; else where the bracket must have been forgotten. */
function findEnd(text: string, opened: number, atEnd: boolean): BodyEnd | 'undecided' {
  let quotation = '';
  let hasDigit = false;
  for (let at = opened; at < text.length; at += 1) {
    const character = text.charAt(at);
    const length = at - opened;
    if (quotation !== '') {
      if (length > LONGEST_QUOTE || text.startsWith('\n\n', at)) return { bodyEnd: at, end: at, isClosed: false };
      if (character === quotation) quotation = '';
    } else if (CLOSER.test(character)) {
      return { bodyEnd: at, end: at + 1, isClosed: true };
    } else if (character === '\n' || length > LONGEST_QUOTE || (OPENERS.includes(character) && character !== '(')) {
      return { bodyEnd: at, end: at, isClosed: false };
    } else if (length > LONGEST_BODY && !hasDigit) {
      return { bodyEnd: at, end: at, isClosed: false };
    } else if (hasDigit && QUOTATION[character] !== undefined) {
      quotation = QUOTATION[character];
    }
    hasDigit ||= /\d/.test(character);
  }
  return atEnd ? { bodyEnd: text.length, end: text.length, isClosed: false } : 'undecided';
}

/** A marker whose end was forgotten: its numbers count, and what is no quote after them is text again. */
function readCut(text: string, body: string, opened: number, { end }: BodyEnd): MarkerReading {
  const isLast = end === text.length;
  const head = headLength(body);
  if (head === 0 && !(isBlank(body) && (isLast || body !== ''))) return { type: 'text', length: opened };
  const isWhole = head === 0 || isLast || QUOTED_TAIL.test(body.slice(head));
  const isNested = text.charAt(end) !== '\n' && !isLast;
  const length = isWhole ? end : opened + head;
  const parsed = parseBody(isWhole ? body : body.slice(0, head));
  return { type: 'marker', length, body: parsed, name: '', closing: 0, nested: isNested ? opened : 0, isWeak: false };
}

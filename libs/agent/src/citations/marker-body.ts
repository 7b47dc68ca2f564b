/** What stands between a marker's brackets, taken apart. */
export interface MarkerBody {
  /** Sources by their numbers, in order. */
  numbers: number[];
  /** Sources by the two numbers of the token that messages show. */
  places: string[];
  /** What follows the numbers: words of the source, or anything. Empty if nothing does. */
  quote: string;
}

const WORDS = ['sources', 'source', 'src', 'documents', 'document', 'docs', 'doc', 'references', 'reference'].concat([
  'refs',
  'ref',
  'citations',
  'citation',
  'cite',
]);
const WORD = `(?:${WORDS.join('|')})`;
const HEAD = new RegExp(`^[\\s^#:.]*(?:${WORD}\\b[\\s:#.]*)?`, 'i');
const PLACE = /^(\d{1,4}):(\d{1,4})(?=\s*(?:[†|,;]|$))/;
const NUMBER = /^(\d{1,4})(?![\d.]*\d)(?:\s*[-–—]\s*(\d{1,4}))?/;
const JOINT = new RegExp(`^\\s*(?:[,;&+/]|and\\b|und\\b)\\s*(?:${WORD}\\b[\\s:#.]*)?(?=\\d)`, 'i');
const TAIL_MARKS = /^[\s|:,;†.–-]+/;
const QUOTED = /^(["“”„«'‘’])([\s\S]*?)["“”„»'‘’]?\s*$/;
const WIDEST_RANGE = 20;

/** Null where no number begins the body. */
export function parseBody(body: string): MarkerBody | null {
  let rest = body.replace(HEAD, '');
  const numbers: number[] = [];
  const places: string[] = [];
  for (;;) {
    const place = PLACE.exec(rest);
    const number = place ? null : NUMBER.exec(rest);
    if (place) places.push(`${Number(place[1])}:${Number(place[2])}`);
    else if (number) numbers.push(...range(Number(number[1]), Number(number[2] ?? number[1])));
    else break;
    rest = rest.slice((place ?? number)?.[0].length);
    const joint = JOINT.exec(rest);
    if (!joint) break;
    rest = rest.slice(joint[0].length);
  }
  if (numbers.length + places.length === 0) return null;
  const tail = rest.replace(TAIL_MARKS, '');
  return { numbers, places, quote: QUOTED.exec(tail)?.[2] ?? tail.trim() };
}

/** How much of a marker that never ends is the marker: its numbers. 0 where there are none. */
export function headLength(body: string): number {
  const head = HEAD.exec(body)?.[0].length ?? 0;
  let at = head;
  for (;;) {
    const found = PLACE.exec(body.slice(at)) ?? NUMBER.exec(body.slice(at));
    if (!found) return at === head ? 0 : at;
    at += found[0].length;
    const joint = JOINT.exec(body.slice(at));
    if (!joint) return at;
    at += joint[0].length;
  }
}

/** Only the word for sources, marks, or nothing: a marker that forgot its number. */
export function isBlank(body: string): boolean {
  return /^(?:[\p{P}\p{S}\s]{0,8}|\s*(?:n|x|number)\s*)$/iu.test(
    body.replace(new RegExp(`^\\s*${WORD}(?![a-z])`, 'i'), ''),
  );
}

/** Whether the letters may go on to be a word for sources. */
export function mayBecomeWord(letters: string): boolean {
  return letters === '' || WORDS.some((word) => word.startsWith(letters.toLowerCase()));
}

function range(from: number, to: number): number[] {
  if (to <= from || to - from >= WIDEST_RANGE) return to === from ? [from] : [from, to];
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

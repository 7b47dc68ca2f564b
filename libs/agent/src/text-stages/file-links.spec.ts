import { AnnotatedTextStream } from './annotated-text-stream.js';
import { FileLinkStage, SANDBOX_LINK_PREFIX } from './file-links.js';
import type { AnnotatedText } from './text-stage.js';

const FILES = new Map([
  ['a.png', 'file-a'],
  ['a.png.csv', 'file-b'],
  ['my report.txt', 'file-c'],
  ['größe😀.csv', 'file-d'],
]);
const P = SANDBOX_LINK_PREFIX;

/** Text and the links found in it: `[text, file id]`, each where its annotation says. */
const CASES: [string, string, [string, string][]][] = [
  ['no link', 'Nothing here.', []],
  ['a link in Markdown', `See [it](${P}a.png).`, [[`${P}a.png`, 'file-a']]],
  ['a link at the very end', `See ${P}a.png`, [[`${P}a.png`, 'file-a']]],
  ['a link that is all', `${P}a.png`, [[`${P}a.png`, 'file-a']]],
  ['the longer of two names', `${P}a.png.csv!`, [[`${P}a.png.csv`, 'file-b']]],
  ['the shorter where the longer breaks off', `${P}a.png.cs`, [[`${P}a.png`, 'file-a']]],
  ['a name with a space', `${P}my report.txt`, [[`${P}my report.txt`, 'file-c']]],
  ['a name as a URL writes it', `(${P}my%20report.txt)`, [[`${P}my%20report.txt`, 'file-c']]],
  ['a name beyond ASCII', `${P}größe😀.csv ok`, [[`${P}größe😀.csv`, 'file-d']]],
  ['that name as a URL', `${P}${encodeURI('größe😀.csv')}`, [[`${P}${encodeURI('größe😀.csv')}`, 'file-d']]],
  ['an unknown name', `${P}b.png and more`, []],
  ['the prefix alone', `${P} is where files lie`, []],
  ['the prefix cut off', 'sandbox:/mnt/dat', []],
  ['false starts', `sandsandbox:sandbox:/mnt/${P}a.png`, [[`${P}a.png`, 'file-a']]],
  ['prefix after prefix', `${P}${P}a.png`, [[`${P}a.png`, 'file-a']]],
  [
    'several',
    `${P}a.png, ${P}nope, ${P}a.png.csv; s`,
    [
      [`${P}a.png`, 'file-a'],
      [`${P}a.png.csv`, 'file-b'],
    ],
  ],
];

function feed(pieces: string[]): AnnotatedText[] {
  const stream = new AnnotatedTextStream([new FileLinkStage(FILES)]);
  return [...pieces.flatMap((part) => stream.push(part)), ...stream.flush()];
}

function check(pieces: string[], whole: string, links: [string, string][]): void {
  const out = feed(pieces);
  expect(out.map((part) => part.text).join('')).toBe(whole);
  // Indexes count code points.
  const characters = Array.from(whole);
  const found = out
    .flatMap((part) => part.annotations)
    .map(({ startIndex, endIndex, ...mark }) => [
      characters.slice(startIndex, endIndex).join(''),
      'fileId' in mark && mark.fileId,
    ]);
  expect(found).toEqual(links);
  for (const part of out) {
    expect(part.text).not.toBe('');
    for (const annotation of part.annotations) expect(annotation.text).toBe(part.text);
  }
}

describe('links to files in a text that arrives in pieces', () => {
  test.each(CASES)('%s: whole, and unit by unit', (_, whole, links) => {
    check([whole], whole, links);
    check(whole.split(''), whole, links);
  });

  test.each(CASES)('%s: cut at every pair of places', (_, whole, links) => {
    for (let first = 0; first <= whole.length; first += 1) {
      for (let second = first; second <= whole.length; second += 3) {
        check([whole.slice(0, first), whole.slice(first, second), whole.slice(second)], whole, links);
      }
    }
  });

  test('holds back no more than what may become a link', () => {
    const stream = new AnnotatedTextStream([new FileLinkStage(FILES)]);
    expect(stream.push('plain text')).toEqual([{ text: 'plain text', annotations: [] }]);
    expect(stream.push(' see sand')).toEqual([{ text: ' see ', annotations: [] }]);
    expect(stream.push('wich ')).toEqual([{ text: 'sandwich ', annotations: [] }]);
  });

  test('a file that comes while the text is under way is found', () => {
    const files = new Map<string, string>();
    const stream = new AnnotatedTextStream([new FileLinkStage(files)]);
    stream.push('first ');
    files.set('late.csv', 'file-late');
    expect(stream.push(`${P}late.csv `).flatMap((part) => part.annotations)).toHaveLength(1);
  });

  test('a file name that is no Unicode text does no harm', () => {
    const stream = new AnnotatedTextStream([new FileLinkStage(new Map([['bad\ud800.csv', 'file-x']]))]);
    expect([...stream.push(`${P}other `), ...stream.flush()].map((part) => part.text).join('')).toBe(`${P}other `);
  });
});

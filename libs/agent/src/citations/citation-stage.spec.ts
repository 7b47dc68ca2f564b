import { AnnotatedTextStream } from '../text-stages/annotated-text-stream.js';
import { FileLinkStage } from '../text-stages/file-links.js';
import type { AnnotatedText } from '../text-stages/text-stage.js';
import { CitationStage } from './citation-stage.js';
import { SourceList } from './source-list.js';

const A = '【0:0†cake.txt】';
const B = '【0:1†annual report.pdf】';
const C = '【1:0†cake.txt】';

function makeSources(): SourceList {
  const sources = new SourceList();
  const passage = { score: 0.5, attributes: {}, page: null, headings: [] };
  sources.add([
    { ...passage, fileId: 'file-a', filename: 'cake.txt', text: 'Filip likes  cake best of all.', passage: 'a0' },
    { ...passage, fileId: 'file-b', filename: 'annual report.pdf', text: 'Sales “rose” by 7 percent.', passage: 'b0' },
  ]);
  sources.add([
    { ...passage, fileId: 'file-a', filename: 'cake.txt', text: 'Ben prefers bread and butter.', passage: 'a1' },
  ]);
  return sources;
}

/** What the model writes, and what is shown of it. */
const CASES: [string, string, string][] = [
  ['no marker', 'Nothing here.', 'Nothing here.'],
  ['one', 'It is cake [[1]].', `It is cake ${A}.`],
  ['one without a space', 'It is cake[[1]].', `It is cake${A}.`],
  ['one that is all', '[[2]]', B],
  ['at the very end', 'Cake [[3]]', `Cake ${C}`],
  ['two in one', 'Both [[1, 2]].', `Both ${A}${B}.`],
  ['two in one, with a word', 'Both [[1 and 2]].', `Both ${A}${B}.`],
  ['a range', 'All [[1-3]].', `All ${A}${B}${C}.`],
  ['two in a row', 'Both [[1]][[2]].', `Both ${A}${B}.`],
  ['two with a space', 'Both [[1]] [[2]].', `Both ${A} ${B}.`],
  ['doubled', 'Cake [[1]][[1]].', `Cake ${A}.`],
  ['doubled with a space', 'Cake [[1]] [[1]].', `Cake ${A}.`],
  ['doubled within', 'Cake [[1, 1]].', `Cake ${A}.`],
  ['the same again, later', 'Cake [[1]] and more [[1]].', `Cake ${A} and more ${A}.`],
  ['an unknown number', 'It is cake [[9]].', 'It is cake.'],
  ['an unknown number at the end', 'It is cake [[9]]', 'It is cake'],
  ['an unknown number amid words', 'It [[9]] is.', 'It is.'],
  ['an unknown number beside a known one', 'It is cake [[1, 9]].', `It is cake ${A}.`],
  ['zero', 'It is cake [[0]].', 'It is cake.'],
  ['no number', 'It is cake [[]].', 'It is cake.'],
  ['the word in the place of the number', 'It is cake [[source]].', 'It is cake.'],
  ['the letter in the place of the number', 'It is cake [[n]].', 'It is cake.'],
  ['with the word', 'It is cake [[source 1]].', `It is cake ${A}.`],
  ['with the word and a colon', 'It is cake [[Source: #2]].', `It is cake ${B}.`],
  ['the name of the file', 'It is cake [[CAKE.txt]].', `It is cake ${A}.`],
  ['single brackets', 'It is cake [1].', `It is cake ${A}.`],
  ['single brackets, several', 'It is cake [1, 2].', `It is cake ${A}${B}.`],
  ['single brackets in a row', 'It is cake [1][2].', `It is cake ${A}${B}.`],
  ['single brackets, unknown', 'It is cake [7].', 'It is cake.'],
  ['a footnote', 'It is cake[^1].', `It is cake${A}.`],
  ['single brackets with the word', 'It is cake [Source 2].', `It is cake ${B}.`],
  ['round brackets with the word', 'It is cake (source 2).', `It is cake ${B}.`],
  ['round brackets, several', 'It is cake (Sources: 1, 2).', `It is cake ${A}${B}.`],
  ['heavy brackets', 'It is cake 【1】.', `It is cake ${A}.`],
  ['heavy brackets with a name', 'It is cake 【2†source】.', `It is cake ${B}.`],
  ['the shown form', `It is cake ${C}.`, `It is cake ${C}.`],
  ['the shown form of nothing', 'It is cake 【4:7†other.txt】.', 'It is cake.'],
  ['another dialect of the shown form', 'It is cake 【2†L1-L5】.', `It is cake ${B}.`],
  ['full-width brackets', 'It is cake ［1］.', `It is cake ${A}.`],
  ['three brackets', 'It is cake [[[1]]].', `It is cake ${A}.`],
  ['one closing bracket', 'It is cake [[1] for sure.', `It is cake ${A} for sure.`],
  ['one closing bracket of another kind', 'It is cake [[1】.', `It is cake ${A}.`],
  ['no closing bracket', 'It is cake [[1 for sure.\nYes.', `It is cake ${A} for sure.\nYes.`],
  ['nested', 'It is cake [[1 [[2]]]].', `It is cake ${A} ${B}.`],
  ['nested with words', 'It is cake [[1, see [[2]] there]] yes.', `It is cake ${A}, see ${B} there yes.`],
  ['cut in the number', 'It is cake [[1', `It is cake ${A}`],
  ['cut after the number', 'It is cake [[1]', `It is cake ${A}`],
  ['cut before the number', 'It is cake [[', 'It is cake'],
  ['cut in an unknown number', 'It is cake [[77', 'It is cake'],
  ['cut in the quote', 'It is cake [[1: "Filip li', `It is cake ${A}`],
  ['cut in the shown form', 'It is cake 【0:1†annual', `It is cake ${B}`],
  ['cut in single brackets', 'It is cake [2', `It is cake ${B}`],
  ['a quote', 'It is cake [[1: "Filip likes cake"]].', `It is cake ${A}.`],
  ['a quote with brackets in it', 'It is cake [[1: "likes [sweet] cake"]].', `It is cake ${A}.`],
  ['a quote of another source', 'It is bread [[1: "Ben prefers bread"]].', `It is bread ${C}.`],
  [
    'words where others do not cite',
    'See [the page](http://x/[1]) and [1](http://x).',
    'See [the page](http://x/[1]) and [1](http://x).',
  ],
  ['a check box', '- [ ] a\n- [x] b', '- [ ] a\n- [x] b'],
  ['a year', 'Since [2019] it is so.', 'Since [2019] it is so.'],
  ['an index', 'Take `rows[1]` of it.', 'Take `rows[1]` of it.'],
  ['two indexes', 'Take cells[x][1] of it.', 'Take cells[x][1] of it.'],
  [
    'code between fences',
    'So:\n```py\na = [[1]]\nb = a[1]\n```\nDone [[1]].',
    `So:\n\`\`\`py\na = [[1]]\nb = a[1]\n\`\`\`\nDone ${A}.`,
  ],
  ['a wiki link', 'See [[Other Page]] there.', 'See [[Other Page]] there.'],
  ['a heading in heavy brackets', '【重要】 Cake [[1]].', `【重要】 Cake ${A}.`],
  [
    'round brackets for other things',
    'Cake (see section 2) is (some say) good (s.',
    'Cake (see section 2) is (some say) good (s.',
  ],
  ['brackets that never close', 'a [ b [[ c ( d', 'a [ b [[ c ( d'],
  ['only spaces', '  \n   ', '  \n   '],
  ['a list after it', 'Cake [[1]]\n- more', `Cake ${A}\n- more`],
  ['layout', 'a    b\tc  \nd', 'a    b\tc  \nd'],
  ['text beyond ASCII', 'Größe 😀[[2]]😀', `Größe 😀${B}😀`],
];

function feed(pieces: string[], sources = makeSources()): AnnotatedText[] {
  const stream = new AnnotatedTextStream([
    new CitationStage(sources),
    new FileLinkStage(new Map([['x.csv', 'file-x']])),
  ]);
  return [...pieces.flatMap((piece) => stream.push(piece)), ...stream.flush()];
}

/** The text that was shown, once every annotation stands exactly where it says. */
function shown(pieces: string[]): string {
  const out = feed(pieces);
  const whole = out.map(({ text }) => text).join('');
  // Indexes count code points.
  const characters = Array.from(whole);
  for (const { text, annotations } of out) {
    expect(text).not.toBe('');
    for (const annotation of annotations) {
      expect(annotation.text).toBe(text);
      expect(characters.slice(annotation.startIndex, annotation.endIndex).join('')).toBe(text);
    }
  }
  const places = out.flatMap(({ annotations }) => annotations.map(({ startIndex }) => startIndex));
  const tokens = [...whole.matchAll(/【\d:\d†[^】]*】/g)].map(({ index }) => Array.from(whole.slice(0, index)).length);
  expect(places).toEqual(tokens);
  return whole;
}

describe('citations in a text that arrives in pieces', () => {
  test.each(CASES)('%s: whole, and unit by unit', (_, written, expected) => {
    expect(shown([written])).toBe(expected);
    expect(shown(written.split(''))).toBe(expected);
  });

  test.each(CASES)('%s: cut at every pair of places', (_, written, expected) => {
    for (let first = 0; first <= written.length; first += 1) {
      for (let second = first; second <= written.length; second += 3) {
        expect(shown([written.slice(0, first), written.slice(first, second), written.slice(second)])).toBe(expected);
      }
    }
  });

  test('cites the files of the sources', () => {
    const annotations = feed(['It is [[1]] or [[3]], not [[2]].']).flatMap((piece) => piece.annotations);
    expect(annotations).toMatchObject([
      { type: 'file_citation', fileId: 'file-a', text: A },
      { type: 'file_citation', fileId: 'file-a', text: C },
      { type: 'file_citation', fileId: 'file-b', text: B },
    ]);
  });

  test.each([
    ['words of the source', '[[1: "Filip likes cake"]]', 'Filip likes cake'],
    ['words without quotation marks', '[[1 | Filip likes cake]]', 'Filip likes cake'],
    ['with other quotation marks', `[[2: "sales 'rose' by"]]`, ''],
    ['words that are not there', '[[1: "Filip hates cake"]]', ''],
    ['too few words', '[[1: "cake"]]', ''],
    ['words of another source', '[[1: "prefers bread and butter"]]', 'prefers bread and butter'],
  ])('a quote is told where it stands in the source: %s', (_, marker, quote) => {
    expect(feed([marker]).flatMap((piece) => piece.annotations)).toMatchObject([{ type: 'file_citation', quote }]);
  });

  test('links and citations stand side by side', () => {
    const out = feed(['See sandbox:/mnt/data/x.csv[[1]] and ', 'sandbox:/mnt/data/x.csv.']);
    const whole = out.map(({ text }) => text).join('');
    expect(whole).toBe(`See sandbox:/mnt/data/x.csv${A} and sandbox:/mnt/data/x.csv.`);
    const annotations = out.flatMap((piece) => piece.annotations);
    expect(annotations.map(({ type, text }) => [type, text])).toEqual([
      ['file_path', 'sandbox:/mnt/data/x.csv'],
      ['file_citation', A],
      ['file_path', 'sandbox:/mnt/data/x.csv'],
    ]);
    for (const { text, startIndex, endIndex } of annotations) expect(whole.slice(startIndex, endIndex)).toBe(text);
  });

  test('holds back no more than what may become a marker', () => {
    const stage = new CitationStage(makeSources());
    const push = (text: string): string =>
      stage
        .push(text)
        .map((piece) => piece.text)
        .join('');
    expect(push('plain text')).toBe('plain text');
    expect(push(' and [a link')).toBe(' and [a link');
    expect(push('] or [[')).toBe('] or');
    expect(push('1')).toBe('');
    expect(push(']')).toBe(` ${A}`);
    expect(push('] more (so')).toBe(' more');
    expect(push('me')).toBe(' (some');
  });

  test('where nothing was found, markers mean nothing', () => {
    const whole = feed(['a [[1]] b [1] c 【0:0†x】.'], new SourceList()).map(({ text }) => text);
    expect(whole.join('')).toBe('a b [1] c.');
  });

  test('a long text with many brackets takes no long time', () => {
    const hostile = `${'['.repeat(20_000)}${'('.repeat(20_000)}${' '.repeat(20_000)}${'[['.repeat(20_000)}`;
    const begun = performance.now();
    feed([hostile]);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

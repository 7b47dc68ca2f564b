import { FileLinkStage } from '../text-stages/file-links.js';
import { AnnotatedTextStream } from '../text-stages/annotated-text-stream.js';
import type { AnnotatedText } from '../text-stages/text-stage.js';
import { ReadAddresses } from './read-addresses.js';
import { WebLinkStage } from './web-link-stage.js';

const REAL = 'https://a.example/corn_(grain)';
const RESULT = `Corn\n${REAL}\nCosts 4 dollars. More at https://a.example/more.`;

function addresses(hasSearched: boolean): ReadAddresses {
  const call = {
    id: 'c1',
    type: 'function' as const,
    function: { name: hasSearched ? 'web_search' : 'other', arguments: '{}' },
  };
  const read = new ReadAddresses(new Set(['web_search']));
  read.read([
    { role: 'user', content: 'See https://user.example/page, please.' },
    { role: 'assistant', content: 'https://said.example/', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c1', content: RESULT },
  ]);
  return read;
}

function fed(text: string, pieceLength: number, read: ReadAddresses): AnnotatedText[] {
  const files = new FileLinkStage(new Map([['a.png', 'file-a']]));
  const stream = new AnnotatedTextStream([new WebLinkStage(read), files]);
  const pieces = text.match(new RegExp(`[\\s\\S]{1,${pieceLength}}`, 'g')) ?? [];
  return [...pieces.flatMap((piece) => stream.push(piece)), ...stream.flush()];
}

function shown(text: string, pieceLength: number, hasSearched = true): string {
  return fed(text, pieceLength, addresses(hasSearched))
    .map((part) => part.text)
    .join('');
}

/** What the text cites: each link, as it stands where its annotation says, with the page's title and address. */
function cited(text: string, pieceLength: number): string[][] {
  const read = addresses(true);
  read.find([
    { title: 'Corn prices', address: REAL },
    { title: 'Cut from the result', address: 'https://a.example/cut' },
  ]);
  const parts = fed(text, pieceLength, read);
  const characters = Array.from(parts.map((part) => part.text).join(''));
  return parts
    .flatMap(({ annotations }) => annotations)
    .map(({ startIndex, endIndex, text: link, ...mark }) => {
      expect(characters.slice(startIndex, endIndex).join('')).toBe(link);
      return mark.type === 'url_citation' ? [link, mark.title, mark.address] : [link, mark.fileId];
    });
}

describe.each([1, 3, 1000])('in pieces of %i', (pieceLength) => {
  it.each([
    ['a result', `Four [Corn](${REAL}).`],
    ['an address in a result’s text', 'Four [more](https://a.example/more).'],
    ['an address of the user', '[yours](https://user.example/page)'],
    ['code', '`[x](https://no.example/)` and\n```\n[x](https://no.example/)\n```\n'],
    ['an image', '![x](https://no.example/x.png)'],
    ['another kind of link', '[file](sandbox:/mnt/data/a.png) [mail](mailto:a@b.example)'],
    ['no link', 'Lists [1], [a, b] (see https://no.example/), [open'],
  ])('%s is shown as it is', (_title, text) => expect(shown(text, pieceLength)).toBe(text));

  it.each([
    ['an invented address', 'Four [Corn](https://no.example/corn).', 'Four Corn.'],
    ['the beginning of a real one', '[Corn](https://a.example/) ok', 'Corn ok'],
    ['a longer one than the real', `[Corn](${REAL}/deep)`, 'Corn'],
    ['what only the model said', '[x](https://said.example/)', 'x'],
    ['one with a title', '[x](https://no.example/ "Title (a)")', 'x'],
    ['one within brackets', 'so [[1]](https://no.example/)', 'so [1]'],
    ['one in the title of another', '[[x](https://no.example/)](https://no.example/b)', 'x'],
    ['one after a real one', `[a](${REAL}) [b](https://no.example/)`, `[a](${REAL}) b`],
  ])('of %s only the title is left', (_title, text, expected) => expect(shown(text, pieceLength)).toBe(expected));

  it.each([
    ['a page that was found', `Four [here](${REAL}).`, [`[here](${REAL})`]],
    ['one behind an emoji and a dropped link', `🍰 [b](https://no.example/) [c](${REAL})`, [`[c](${REAL})`]],
    ['one twice', `[a](${REAL}) [b](${REAL} "t")`, [`[a](${REAL})`, `[b](${REAL} "t")`]],
    ['brackets in its title', `[[1]](${REAL})`, [`[[1]](${REAL})`]],
    ['an address in a result’s text', '[more](https://a.example/more)', []],
    ['a page that the model has not read', '[cut](https://a.example/cut)', []],
    ['code', `\`[x](${REAL})\``, []],
    ['an image', `![x](${REAL})`, []],
  ])('of %s, citations are found', (_title, text, links) => {
    expect(cited(text, pieceLength)).toEqual(links.map((link) => [link, 'Corn prices', REAL]));
  });

  it('a file in the title of a link is a file all the same', () => {
    const text = `[![x](sandbox:/mnt/data/a.png)](${REAL})`;
    expect(cited(text, pieceLength)).toEqual([['sandbox:/mnt/data/a.png', 'file-a']]);
  });

  it('nothing is dropped before there was a search', () => {
    const text = '[docs](https://no.example/)';
    expect(shown(text, pieceLength, false)).toBe(text);
  });
});

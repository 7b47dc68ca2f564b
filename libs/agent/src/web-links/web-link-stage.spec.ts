import { AnnotatedTextStream } from '../text-stages/annotated-text-stream.js';
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

function shown(text: string, pieceLength: number, hasSearched = true): string {
  const stream = new AnnotatedTextStream([new WebLinkStage(addresses(hasSearched))]);
  const pieces = text.match(new RegExp(`[\\s\\S]{1,${pieceLength}}`, 'g')) ?? [];
  return [...pieces.flatMap((piece) => stream.push(piece)), ...stream.flush()].map((part) => part.text).join('');
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

  it('nothing is dropped before there was a search', () => {
    const text = '[docs](https://no.example/)';
    expect(shown(text, pieceLength, false)).toBe(text);
  });
});

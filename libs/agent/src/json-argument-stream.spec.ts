import { JsonArgumentStream } from './json-argument-stream.js';

const TEXTS = [
  '',
  'print(1)',
  'a\nb\t"c"\\d\r\b\f/',
  'é ü 中文 \u2028',
  '😀 and 👩‍💻',
  '\u0000\u001f',
  'ends with a backslash \\',
  '\\u0041 is not an escape',
  '"}',
  '{"code": "inner"}',
];

const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** What is shown when the text arrives in the given pieces. */
function decode(pieces: string[]): string[] {
  const stream = new JsonArgumentStream('code');
  return pieces.map((part) => stream.push(part));
}

const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

describe.each([
  ['as JSON.stringify writes it', JSON.stringify],
  ['all in ASCII escapes', asciiJson],
])('code arguments %s', (_, encode) => {
  test.each(TEXTS)('%j, cut in two at every place', (code) => {
    const json = encode({ code, more: 1 });
    for (let at = 0; at <= json.length; at += 1) {
      expect(decode([json.slice(0, at), json.slice(at)]).join('')).toBe(code);
    }
  });

  test.each(TEXTS)('%j, unit by unit, never shows half a character', (code) => {
    const shown = decode(encode({ code }).split(''));
    expect(shown.join('')).toBe(code);
    expect(shown.filter((part) => !isWellFormed(part))).toEqual([]);
  });
});

describe('what is written in an unusual way', () => {
  test.each([
    ['spaces', ' \n{ \t"code" :\r\n "a" }', 'a'],
    ['slash escapes', String.raw`{"code":"\/"}`, '/'],
    ['capital hex digits', String.raw`{"code":"\u00E9"}`, 'é'],
    ['an escape that JSON does not know', String.raw`{"code":"\x"}`, 'x'],
    ['an unpaired high half before text', String.raw`{"code":"\ud83dx"}`, '\ud83dx'],
    ['an unpaired high half at the end', String.raw`{"code":"\ud83d"}`, '\ud83d'],
    ['another argument first', '{"other":1,"code":"a"}', ''],
    ['an argument whose name only begins so', '{"codes":"a"}', ''],
    ['no string', '{"code":12}', ''],
    ['no JSON', 'print("x")', ''],
    ['an end in the middle', '{"code":"ab', 'ab'],
    ['an end in the middle of an escape', String.raw`{"code":"ab\u00`, 'ab'],
    ['text after the end', '{"code":"a"} {"code":"b"}', 'a'],
  ])('%s', (_, json, shown) => {
    expect(decode([json]).join('')).toBe(shown);
    expect(decode(json.split('')).join('')).toBe(shown);
  });

  test('a name that a pattern would take for something else', () => {
    expect(new JsonArgumentStream('a.b*').push('{"a.b*":"x"}')).toBe('x');
    expect(new JsonArgumentStream('a.b').push('{"axb":"x"}')).toBe('');
  });
});

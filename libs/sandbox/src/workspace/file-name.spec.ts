import { parsePath, printableName } from './file-name.js';

const NAMES: [bytes: Buffer, printable: string][] = [
  [Buffer.from('plain.csv'), 'plain.csv'],
  [Buffer.from('été 😀 <b>.txt'), 'été 😀 <b>.txt'],
  [Buffer.from([0x61, 0xff, 0x62]), 'a\\xffb'],
  [Buffer.from([0xc3]), '\\xc3'],
  [Buffer.from([0xed, 0xa0, 0x80]), '\\xed\\xa0\\x80'],
  [Buffer.from('a\\xff'), 'a\\x5cxff'],
  [Buffer.from('a\nb\u001b[0m'), 'a\\x0ab\\x1b[0m'],
  [Buffer.from('a\u202eb'), 'a\\xe2\\x80\\xaeb'],
  [Buffer.from('\ufffd'), '\ufffd'],
];

describe('printableName and parsePath', () => {
  it.each(NAMES)('turns %j into %j and back', (bytes, printable) => {
    expect(printableName(bytes)).toBe(printable);
    expect(parsePath(printable)).toEqual([bytes]);
  });

  it('never gives two names one form', () => {
    expect(new Set(NAMES.map(([bytes]) => printableName(bytes))).size).toBe(NAMES.length);
  });

  it('takes paths apart', () => {
    expect(parsePath('charts/a.png')).toEqual([Buffer.from('charts'), Buffer.from('a.png')]);
  });

  it.each([
    '',
    '/',
    'a//b',
    '..',
    'a/../b',
    './a',
    '\\x2e\\x2e',
    'a\\x2fb',
    'a\\x00',
    'a\\b',
    'a\\xZZ',
    'x'.repeat(256),
  ])('refuses the path %j', (path) => {
    expect(() => parsePath(path)).toThrow('not the name of a file');
  });
});

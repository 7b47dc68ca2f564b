import { LineSplitter } from './line-splitter.js';

describe('LineSplitter', () => {
  it.each([
    ['whole lines', ['a\nb\n'], ['a', 'b']],
    ['a line in pieces', ['a', 'b', 'c\nd'], ['abc']],
    ['empty lines', ['\n\n'], ['', '']],
    ['a line as long as the cap', ['12345678\n'], ['12345678']],
    ['a line longer than the cap', ['123456789\nok\n'], ['ok']],
    ['a long line in pieces', ['1234', '5678', '9', '0\nok\n'], ['ok']],
    ['a long line that never ends', ['1'.repeat(100), '2'.repeat(100)], []],
  ])('cuts %s', (_title, chunks, lines) => {
    const splitter = new LineSplitter(8);
    const found = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk)).map((line) => line.toString()));
    expect(found).toEqual(lines);
  });
});

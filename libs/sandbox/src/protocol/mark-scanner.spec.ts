import { MarkScanner } from './mark-scanner.js';

describe('MarkScanner', () => {
  it.each([
    ['in one piece', ['out<mark>'], 'out', true],
    ['cut in every place', [...'out<mark>'], 'out', true],
    ['after its own beginning', ['<ma<mark>'], '<ma', true],
    ['with more behind it', ['a<mark>b', 'c'], 'abc', true],
    ['not at all', ['a<mar', 'x'], 'a<marx', false],
    ['only begun', ['a<mark'], 'a<mark', false],
  ])('finds a mark %s', (_title, chunks, output, found) => {
    const scanner = new MarkScanner(Buffer.from('<mark>'));
    const text = chunks.map((chunk) => scanner.push(Buffer.from(chunk)).toString()).join('');
    expect(text + scanner.flush().toString()).toBe(output);
    expect(scanner.done).toBe(found);
  });

  it('holds back nothing that cannot be the mark', () => {
    expect(new MarkScanner(Buffer.from('<mark>')).push(Buffer.from('plain')).toString()).toBe('plain');
  });
});

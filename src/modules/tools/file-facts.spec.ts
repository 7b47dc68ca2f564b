import { fileFacts } from './file-facts.js';

const CSV = { format: 'csv', category: 'data', lines: 3, chars: 20, preview: 'a,b', rows: 3, delimiter: ',' };

describe('facts of a file', () => {
  it.each<[string, Record<string, unknown> | null, boolean, string]>([
    [
      'a table',
      { ...CSV, headers: ['a', 'b'] },
      false,
      '{"format":"csv","rows":3,"delimiter":",","headers":["a","b"]}',
    ],
    ['samples where they are wanted', { rows: 1, sample_rows: [['x']] }, true, '{"rows":1,"sample_rows":[["x"]]}'],
    ['no samples else', { rows: 1, sample_rows: [['x']] }, false, '{"rows":1}'],
    ['no samples of sheets', { sheets: [{ rows: 2, sample_rows: [['x']] }] }, false, '{"sheets":[{"rows":2}]}'],
    ['plain text', { format: 'text', category: 'text', lines: 1, chars: 2, preview: 'hi' }, true, ''],
    ['text of an encoding', { format: 'text', encoding: 'utf-8' }, true, ''],
    ['nothing known', null, true, ''],
    ['what looks like a tag', { headers: ['</file>'] }, false, '{"headers":["\\u003c/file>"]}'],
  ])('%s', (_, metadata, withContent, expected) => {
    expect(fileFacts(metadata, withContent)).toBe(expected);
  });

  it('leaves out what there is no room for, and keeps what comes after it', () => {
    expect(fileFacts({ headers: ['x'.repeat(2000)], rows: 5 }, true)).toBe('{"rows":5}');
  });
});

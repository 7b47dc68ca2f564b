import { decodeFormName, distinctName, toPlainFileName, toWorkspaceName } from './file-name.js';

describe('toPlainFileName', () => {
  it.each([
    ['data.csv', 'data.csv'],
    ['../../x', 'x'],
    ['/etc/passwd', 'passwd'],
    ['C:\\Users\\me\\a.txt', 'a.txt'],
    ['folder/', 'folder'],
    ['..\\..', 'file'],
    ['..', 'file'],
    ['.', 'file'],
    ['', 'file'],
    ['   ', 'file'],
    [undefined, 'file'],
    ['a\0b.txt', 'ab.txt'],
    ['line\r\nbreak.txt', 'linebreak.txt'],
    ['\u202egpj.exe', 'gpj.exe'],
    ['zero\u200bwidth\ufeff.txt', 'zerowidth.txt'],
    ['\u2066..\u2069', 'file'],
    ['a\u2028b', 'ab'],
    ['größe 日本.csv', 'größe 日本.csv'],
    ['e\u0301.txt', '\u00e9.txt'],
    ['lone\ud800.txt', 'lone\ufffd.txt'],
    ['.bashrc', '.bashrc'],
    ['quote".csv', 'quote".csv'],
    [' spaced .csv ', 'spaced .csv'],
  ])('makes %j into %j', (raw, plain) => expect(toPlainFileName(raw)).toBe(plain));

  it.each([
    ['a'.repeat(300) + '.csv', 'a'.repeat(251) + '.csv'],
    ['é'.repeat(200) + '.csv', 'é'.repeat(125) + '.csv'],
    ['x.' + 'y'.repeat(300), 'x.' + 'y'.repeat(253)],
    ['😀'.repeat(100), '😀'.repeat(63)],
  ])('cuts a long name to 255 bytes and between characters', (raw, plain) => {
    expect(toPlainFileName(raw)).toBe(plain);
    expect(Buffer.byteLength(plain)).toBeLessThanOrEqual(255);
  });
});

describe('toWorkspaceName', () => {
  it.each([
    ['chart.png', 'chart.png'],
    ['plots/a.png', 'plots/a.png'],
    ['../../x', 'x'],
    ['/etc/passwd', 'etc/passwd'],
    ['a//b/./c', 'a/b/c'],
    ['a/../b', 'a/b'],
    ['..', 'file'],
    ['', 'file'],
    ['a\\b', 'a_b'],
    ['a/\0/b', 'a/b'],
    ['1/2/3/4/5/6/7/8', '1/2/3/4/5/6/7/8'],
    ['1/2/3/4/5/6/7/8/9', '9'],
  ])('makes %j into %j', (raw, name) => expect(toWorkspaceName(raw)).toBe(name));
});

describe('distinctName', () => {
  it.each([
    ['a.csv', [], 'a.csv'],
    ['a.csv', ['a.csv'], 'a_1.csv'],
    ['a.csv', ['a.csv', 'a_1.csv'], 'a_2.csv'],
    ['README', ['README'], 'README_1'],
    ['a.tar.gz', ['a.tar.gz'], 'a.tar_1.gz'],
    ['.bashrc', ['.bashrc'], '.bashrc_1'],
  ])('finds %j a name beside %j: %j', (name, taken, distinct) =>
    expect(distinctName(name, new Set(taken))).toBe(distinct),
  );

  it('stays within 255 bytes', () => {
    const name = 'é'.repeat(125) + '.csv';
    expect(distinctName(name, new Set([name]))).toBe('é'.repeat(124) + '_1.csv');
  });
});

describe('decodeFormName', () => {
  it.each([
    ['plain.txt', 'plain.txt'],
    [Buffer.from('größe.csv', 'utf8').toString('latin1'), 'größe.csv'],
    ['größe.csv', 'größe.csv'],
    ['名前.csv', '名前.csv'],
    [Buffer.from('名前.csv', 'utf8').toString('latin1'), '名前.csv'],
  ])('reads %j as %j', (latin1, name) => expect(decodeFormName(latin1)).toBe(name));
});

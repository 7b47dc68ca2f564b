import { describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import type { ParsedDocument } from '../ports/document.js';
import { DEFAULT_PARSE_LIMITS } from './limits.js';
import { parseFile } from './parse-file.js';

const parse = (filename: string, content: string | Buffer): Promise<ParsedDocument> =>
  parseFile({ bytes: Buffer.from(content as string), filename }, DEFAULT_PARSE_LIMITS);

/** What each section says, with its headings and kind. */
function outline({ text, sections }: ParsedDocument): string[] {
  return sections.map(({ start, end, page, headings, kind }) => {
    const place = [page === null ? '' : `${page}:`, headings.join(' > ')].join('');
    return `[${place}] ${kind}: ${JSON.stringify(text.slice(start, end))}`;
  });
}

describe('markdown', () => {
  it('keeps the text, and finds headings, listings and tables', async () => {
    const text = [
      '---\ntitle: x\n---\n# One\n\nHello *you*.\n\n## Two ##\n```js\n# no heading\n```\n',
      '| a | b |\n|---|---|\n\nUnderlined\n===\nText\n\nSmall\n---\nEnd',
    ].join('');
    const document = await parse('a.md', text);
    expect(document.text).toBe(text);
    expect(outline(document)).toEqual([
      '[] code: "---\\ntitle: x\\n---\\n"',
      '[One] prose: "# One\\n\\nHello *you*.\\n\\n"',
      '[One > Two] prose: "## Two ##\\n"',
      '[One > Two] code: "```js\\n# no heading\\n```\\n"',
      '[One > Two] table: "| a | b |\\n|---|---|\\n"',
      '[One > Two] prose: "\\n"',
      '[Underlined] prose: "Underlined\\n===\\nText\\n\\n"',
      '[Underlined > Small] prose: "Small\\n---\\nEnd"',
    ]);
  });
});

describe('html', () => {
  it('reads what a browser would show', async () => {
    const html = `<!doctype html><html><head><title>The  page</title><style>p{}</style></head><body>
      <h1>One</h1><p>Hello <b>bo</b>ld&nbsp;&amp; <i>fine</i>.<p>Second
      <ul><li>a<li>b</ul><h2>Two<br></h2><table><tr><th>x<th>y<tr><td>1<td><p>2</p></table>
      <pre>  code\n  more</pre><script>no()</script><p hidden>last <img alt="A cat" src="http://10.0.0.1/x"></body>`;
    const document = await parse('a.html', html);
    expect(outline(document)).toEqual([
      '[One] prose: "One\\n\\nHello bold & fine.\\n\\nSecond\\n\\n- a\\n- b\\n\\n"',
      '[One > Two] prose: "Two\\n\\n"',
      '[One > Two] table: "x | y\\n1 | 2\\n\\n"',
      '[One > Two] code: "  code\\n  more\\n\\n"',
      '[One > Two] prose: "last A cat"',
    ]);
    expect(document.metadata).toMatchObject({ format: 'html', title: 'The page', tables: 1 });
  });
});

describe('csv', () => {
  it.each([
    ['comma', 'region,units\nnorth,3\n"so\nuth",5\n', ',', 3],
    ['semicolon', 'region;units\n"a;b,c";3,5\n', ';', 2],
    ['tab', 'region\tunits\nnorth\t3', '\t', 2],
    ['pipe', 'region|units\nnorth|3\n\n\n', '|', 2],
  ])('tells a table parted by %s', async (_, text, delimiter, rows) => {
    const document = await parse('a.csv', text);
    expect(document.text).toBe(text);
    expect(document.sections).toEqual([
      { start: 0, end: text.length, page: null, headings: ['region, units'], kind: 'table' },
    ]);
    expect(document.metadata).toMatchObject({ delimiter, rows, columns: 2, headers: ['region', 'units'] });
  });

  it('takes no row of numbers for a header', async () => {
    const { sections, metadata } = await parse('a.csv', '1,2\n3,4\n');
    expect(sections[0]?.headings).toEqual([]);
    expect(metadata).toMatchObject({
      headers: [],
      sample_rows: [
        ['1', '2'],
        ['3', '4'],
      ],
    });
  });
});

describe('json', () => {
  it.each([
    ['{"a":1,"b":[1,2]}', { structure: 'object', keys: ['a', 'b'], key_count: 2, sample: { a: 1, b: [1, 2] } }],
    ['[{"a":1},2,3]', { structure: 'array', length: 3, first_item_type: 'object', sample: [{ a: 1 }, 2] }],
    ['"text"', { structure: 'primitive', sample: 'text' }],
    ['{"broken":', { structure: 'invalid' }],
  ])('describes %s', async (text, metadata) => {
    const document = await parse('a.json', text);
    expect(document.text).toBe(text);
    expect(document.metadata).toMatchObject({ format: 'json', ...metadata });
  });

  it('breaks one long line without a change of its values', async () => {
    const text = JSON.stringify({ list: Array.from({ length: 400 }, (_, index) => ({ index, name: 'a, "b" {c}\\' })) });
    const precise = text.replace('"index":0', '"index":12345678901234567890');
    const document = await parse('a.json', precise);
    expect(document.text.split('\n').length).toBeGreaterThan(400);
    expect(document.text).toContain('12345678901234567890');
    expect(JSON.parse(document.text)).toEqual(JSON.parse(precise));
  });

  it('knows lines of JSON by their content', async () => {
    const document = await parse('a.txt', '{"a":1}\n{"a":2}\n\n{"a":3}\n');
    expect(document.metadata).toMatchObject({ format: 'jsonl', structure: 'lines', length: 3 });
  });
});

describe('code', () => {
  it('finds definitions and imports of Python', async () => {
    const text =
      'import os\nfrom a import b\n\nclass A:\n    async def m(self):\n        pass\n\ndef f():\n    return 1\n';
    const document = await parse('a.py', text);
    expect(document.text).toBe(text);
    expect(document.sections.map(({ headings }) => headings)).toEqual([
      [],
      ['class A'],
      ['class A', 'def m'],
      ['def f'],
    ]);
    expect(document.metadata).toMatchObject({
      language: 'python',
      imports: ['import os', 'from a import b'],
      definitions: ['class A', 'def m', 'def f'],
      lines: 9,
    });
  });

  it.each([
    ['a.ts', 'export async function run(a: string): void {\n}', 'function run'],
    ['a.ts', 'export const run = async (a: string) => a;', 'const run'],
    ['a.java', 'public final class Store {', 'class Store'],
    ['a.go', 'func (s *Store) Get(key string) error {', 'func Get'],
    ['a.rs', 'pub(crate) fn get(&self) -> u8 {', 'fn get'],
    ['a.rb', 'def valid?', 'def valid?'],
    ['a.c', 'static int *parse_line(const char *line)\n{', 'int parse_line'],
    ['a.sql', 'CREATE TABLE IF NOT EXISTS orders (', 'TABLE orders'],
    ['a.cs', 'public sealed class Store : IStore', 'class Store'],
  ])('finds what %s defines by %j', async (filename, text, heading) => {
    const { sections } = await parse(filename, text);
    expect(sections.at(-1)?.headings.join()).toContain(heading.split(' ').at(-1));
  });
});

describe('xml', () => {
  it('keeps the text and resolves no entity', async () => {
    const text = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<a><b>&e;</b></a>';
    const document = await parse('a.xml', text);
    expect(document.text).toBe(text);
    expect(document.metadata).toMatchObject({ format: 'xml', root: 'a', elements: 2 });
  });
});

describe('encodings', () => {
  const german = 'Größe, Übung, Straße: ein kürzerer Text über schöne Äpfel und süße Früchte.\nZweite Zeile\n';
  it.each([
    ['utf-8', german, {}],
    ['utf-8 with a mark', german, { encoding: 'utf-8', addBOM: true }],
    ['utf-16le with a mark', german, { encoding: 'utf-16le', addBOM: true }],
    ['utf-16be with a mark', german, { encoding: 'utf-16be', addBOM: true }],
    ['utf-32le with a mark', german, { encoding: 'utf-32le', addBOM: true }],
    ['utf-16le', german, { encoding: 'utf-16le' }],
    ['utf-16be', german, { encoding: 'utf-16be' }],
    ['windows-1252', german, { encoding: 'windows-1252' }],
    [
      'shift_jis',
      '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n'.repeat(4),
      { encoding: 'shift_jis' },
    ],
    ['gb18030', '我们在这里学习中文，今天的天气非常好。\n'.repeat(8), { encoding: 'gb18030' }],
    ['koi8-r', 'Все счастливые семьи похожи друг на друга.\n'.repeat(8), { encoding: 'koi8-r' }],
    ['euc-kr', '모든 인간은 태어날 때부터 자유로우며 존엄하다.\n'.repeat(8), { encoding: 'euc-kr' }],
  ])('reads %s', async (_, text, { encoding = 'utf-8', addBOM = false }: { encoding?: string; addBOM?: boolean }) => {
    expect((await parse('a.txt', iconv.encode(text, encoding, { addBOM }))).text).toBe(text);
  });

  it('believes what a page declares', async () => {
    const page = '<html><head><meta charset="iso-8859-2"></head><body>Zażółć gęślą jaźń</body></html>';
    expect((await parse('a.html', iconv.encode(page, 'iso-8859-2'))).text).toBe('Zażółć gęślą jaźń');
  });

  it('gives lines that end with \\n, and neither NULs nor lone surrogates', async () => {
    expect((await parse('a.txt', 'a\r\nb\rc\0d')).text).toBe('a\nb\ncd');
    const { text } = await parse('a.html', '<p>&#xD800;x&#0;</p>');
    expect(text).not.toMatch(/[\0\p{Surrogate}]/u);
  });
});

describe('what it refuses', () => {
  it.each([
    ['nothing', 'a.txt', '', /empty/],
    ['white space', 'a.txt', ' \n\t ', /no text/],
    ['an image', 'a.txt', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /PNG image/],
    [
      'random bytes',
      'a.txt',
      Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 251)),
      /neither text/,
    ],
    ['a page without text', 'a.html', '<html><body><script>x</script></body></html>', /no text/],
  ])('says so of %s', async (_, filename, content, message) => {
    await expect(parse(filename, content)).rejects.toThrow(message);
  });

  it('stops at the limit of text', async () => {
    const limits = { ...DEFAULT_PARSE_LIMITS, maxTextLength: 10 };
    await expect(parseFile({ bytes: Buffer.from('eleven chars'), filename: 'a.txt' }, limits)).rejects.toThrow(
      /more than 10/,
    );
  });
});

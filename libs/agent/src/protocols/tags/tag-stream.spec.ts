import type { ChatDelta, FinishReason } from '@libs/llm';
import { TagStream } from './tag-stream.js';

interface Read {
  text: string;
  codes: string[];
}

function read(pieces: string[], reason: FinishReason = 'stop'): Read {
  const stream = new TagStream();
  const deltas: ChatDelta[] = [...pieces.flatMap((piece) => stream.push(piece)), ...stream.end(reason)];
  const given: string[] = [];
  let text = '';
  for (const delta of deltas) {
    if (delta.type === 'text') text += delta.text;
    if (delta.type === 'tool-call-start') given[delta.index] = '';
    if (delta.type === 'tool-call-arguments') given[delta.index] += delta.fragment;
  }
  return {
    text,
    codes: given.map((json) => (json.endsWith('"}') ? (JSON.parse(json) as { code: string }).code : json)),
  };
}

const fenced = (code: string): string => `<Code>\n\`\`\`python\n${code}\n\`\`\`\n</Code>`;

describe.each<[string, string, Read]>([
  [
    'sections are text',
    '<Analyze>a</Analyze><Understand>b</Understand>',
    { text: '<Analyze>a</Analyze><Understand>b</Understand>', codes: [] },
  ],
  [
    'code in a fence',
    `<Analyze>a</Analyze>\n${fenced('x = 1\nprint(x)')}`,
    { text: '<Analyze>a</Analyze>\n', codes: ['x = 1\nprint(x)'] },
  ],
  ['code without a fence', '<Code>print(1)</Code>', { text: '', codes: ['print(1)'] }],
  ['code whose tag the server took', '<Code>\n```python\nprint(1)\n```\n', { text: '', codes: ['print(1)'] }],
  ['code whose fence was left open', '<Code>\n```python\nprint(1)\n</Code>', { text: '', codes: ['print(1)'] }],
  ['code with its tag behind it', '<Code>```python\nprint(1)\n```</Code>', { text: '', codes: ['print(1)'] }],
  [
    'the tag in a string of code',
    fenced('print("</Code>")\nprint(2)'),
    { text: '', codes: ['print("</Code>")\nprint(2)'] },
  ],
  [
    'a tag behind a fence behind a tag: the first one ends the code',
    '<Code>\n```python\nx </Code> ``` </Code>',
    { text: ' ``` </Code>', codes: ['x'] },
  ],
  [
    'the tag behind a fence in a line with quotes',
    '<Code>\n```python\nprint("</Code>") \t``` </Code>',
    { text: '', codes: ['print("</Code>")'] },
  ],
  ['empty lines and indents', fenced('if x:\n\n    y()\n'), { text: '', codes: ['if x:\n\n    y()\n'] }],
  [
    'two blocks',
    `${fenced('1')}\n<Analyze>b</Analyze>\n${fenced('2')}`,
    { text: '\n<Analyze>b</Analyze>\n', codes: ['1', '2'] },
  ],
  [
    'the first fence of several',
    '<Code>```python\n1\n```\nand\n```python\n2\n```\n</Code>',
    { text: '', codes: ['1'] },
  ],
  [
    'a made-up result ends the turn',
    `${fenced('1')}\n<Execute>\n2\n</Execute><Answer>2</Answer>`,
    { text: '\n', codes: ['1'] },
  ],
  [
    'an answer ends the turn',
    '<Answer>42</Answer> and more <Code>x</Code>',
    { text: '<Answer>42</Answer>', codes: [] },
  ],
  ['an answer whose tag the server took', '<Answer>42', { text: '<Answer>42</Answer>', codes: [] }],
  ['a section that was left open', '<Analyze>a', { text: '<Analyze>a</Analyze>', codes: [] }],
  ['tags between backticks', 'Use `<Code>` and `</Answer>`.', { text: 'Use `<Code>` and `</Answer>`.', codes: [] }],
  [
    'tags in a fence',
    '<Answer>\n```\n<Code>x</Code></Answer>\n```\n42</Answer>',
    { text: '<Answer>\n```\n<Code>x</Code></Answer>\n```\n42</Answer>', codes: [] },
  ],
  ['the end of an answer that never began', 'So: </Answer> 42', { text: 'So: </Answer> 42', codes: [] }],
  ['no tags', 'Just 42.', { text: 'Just 42.', codes: [] }],
  ['what might become a tag', 'a < b <An', { text: 'a < b <An', codes: [] }],
  [
    'quotes and characters of all kinds',
    fenced('print("é\\n😀", \'"\')'),
    { text: '', codes: ['print("é\\n😀", \'"\')'] },
  ],
])('%s', (_, written, expected) => {
  test('is read, however it is cut', () => {
    expect(read([written])).toEqual(expected);
    expect(read(written.split(''))).toEqual(expected);
    for (let at = 1; at < written.length; at += 1) {
      expect({ at, read: read([written.slice(0, at), written.slice(at)]) }).toEqual({ at, read: expected });
    }
  });
});

test('code that was cut off is no call', () => {
  expect(read(['<Code>\n```python\nprint(1)\nprint('], 'length').codes).toEqual(['{"code":"print(1)\\nprint(']);
});

test('a section that was cut off is not closed', () => {
  expect(read(['<Answer>4'], 'length').text).toBe('<Answer>4');
});

test.each([
  ['spaces', ' '.repeat(100_000)],
  ['tags in strings', '"</Code>"'.repeat(12_000)],
  ['backticks', '`'.repeat(100_000)],
])('a long line of %s takes no long time', (_, line) => {
  const pieces = ['<Code>\n```python\nx', ...(line.match(/[\s\S]{1,100}/g) ?? []), 'y'];
  const started = performance.now();
  expect(read(pieces).codes).toEqual([`x${line}y`]);
  expect(read(pieces.slice(0, -1)).codes).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(2000);
});

import { ModelError } from '@libs/llm';
import {
  fakeInterpreter,
  finish,
  outline,
  play,
  text,
  usage,
  type ScriptStep,
} from '../../../../../test/builders/scripted-model.js';
import type { AgentInput } from '../../agent-input.js';
import { textContent } from '../../system-text.js';

const say = (words: string): ScriptStep[] => [text(words), finish('stop'), usage(1, 1)];
const CODE = say('<Analyze>a</Analyze>\n<Code>\n```python\n1\n```\n');
const ANSWER = say('<Answer>42');
const options = (more: Partial<AgentInput> = {}): Partial<AgentInput> => ({
  protocol: 'tags',
  tools: [fakeInterpreter()],
  messages: [
    { role: 'system', content: ' Be brief. ' },
    { role: 'user', content: 'Before' },
    { role: 'assistant', content: '<Answer>yes</Answer>' },
    { role: 'user', content: [{ type: 'text', text: 'How many?' }] },
  ],
  dataFiles: [
    { name: 'a.csv', bytes: 2048 },
    { name: 'ü.csv', bytes: 8 },
  ],
  ...more,
});

test('the last question bears instructions and files; nothing is said of tools', async () => {
  const { model } = await play([CODE, ANSWER], options({ toolPrompt: 'never said' }));
  const [first, second] = model.requests;
  expect(first).not.toHaveProperty('tools');
  expect(first?.stop).toEqual(['</Code>', '</Answer>']);
  expect(first?.messages).toEqual([
    { role: 'user', content: 'Before' },
    { role: 'assistant', content: '<Answer>yes</Answer>' },
    {
      role: 'user',
      content:
        '# Instruction\nBe brief.\n\nHow many?\n\n# Data\n' +
        'File 1:\n{\n    "name": "a.csv",\n    "size": "2.0KB"\n}\n\n' +
        'File 2:\n{\n    "name": "ü.csv",\n    "size": "0.0KB"\n}\n\n',
    },
  ]);
  expect(second?.messages.slice(3)).toEqual([
    { role: 'assistant', content: '<Analyze>a</Analyze>\n\n<Code>\n```python\n1\n```\n</Code>' },
    { role: 'execute', content: 'ok' },
  ]);
});

test("a server without the role execute gets results as a user's words", async () => {
  const refuse = (): void => {
    throw new ModelError('rejected', 'Unexpected role execute');
  };
  const { events, model } = await play([CODE, [refuse], ANSWER], options());
  expect(model.requests[2]?.messages.at(-1)).toEqual({ role: 'user', content: '# Execute Result\nok' });
  expect(outline(events).at(-1)).toBe('finished:completed');
});

test('a turn that only analyses is asked to go on, within bounds', async () => {
  const turn = say('<Analyze>hm</Analyze>');
  const { events, model } = await play([turn, turn, turn, turn], options());
  expect(model.requests).toHaveLength(3);
  expect(outline(events).at(-1)).toBe('finished:completed');
  const { events: good } = await play([turn, ANSWER], options());
  expect(outline(good).join()).toContain('42');
});

test.each<[string, ScriptStep[][], Partial<AgentInput>]>([
  ['to go on', [say('<Analyze>hm</Analyze>'), ANSWER], {}],
  ['to answer now', [CODE, ANSWER], { maxToolRounds: 1 }],
  ['of an empty turn', [say(''), ANSWER], {}],
  ['to run code', [ANSWER, CODE, ANSWER], { toolChoice: 'required' }],
  ['of the form', [ANSWER, say('{}')], { answerCheck: (answer) => (answer === '{}' ? null : 'It is no JSON.') }],
])('the task keeps its headings before a reminder %s', async (_, turns, more) => {
  const { events, model } = await play(turns, options(more));
  expect(outline(events).at(-1)).toBe('finished:completed');
  expect(model.requests).toHaveLength(turns.length);
  expect(model.requests.some(({ messages }) => messages.at(-1)?.role === 'user' && messages.length > 3)).toBe(true);
  for (const { messages } of model.requests) {
    expect(messages[2]?.content).toMatch(/^# Instruction\nBe brief\.\n\nHow many\?\n\n# Data\n/);
    expect(messages.slice(3).filter((message) => textContent(message).startsWith('# '))).toEqual([]);
  }
});

test('code is text where none may run', async () => {
  const { events, model } = await play([say('<Code>1</Code>')], options({ tools: [] }));
  expect(outline(events)).toContain('text(0):<Code>1</Code>');
  expect(model.requests[0]?.stop).toBeUndefined();
});

test('the conversation ends with its report, and the files it made', async () => {
  const saved: [string, string][] = [];
  const tool = fakeInterpreter([
    { type: 'file', name: 'c [1].png', fileId: 'file-c', isImage: true },
    { type: 'result', content: 'done' },
  ]);
  const report = {
    prefix: 'Report',
    listsFiles: true,
    now: () => new Date('2026-01-02T03:04:05Z'),
    save: (name: string, written: string) => {
      saved.push([name, written]);
      return Promise.resolve('file-r');
    },
  };
  const { events } = await play([CODE, ANSWER], options({ tools: [tool], report }));
  const name = 'Report_20260102_030405.md';
  expect(saved).toEqual([
    [
      name,
      'yes\n\n42\n\n\\newpage\n\n# Appendix: Detailed Process\n' +
        '\n### Step 1: Analyze\n\na\n\n### Step 2: Code\n\n1\n\n### Step 3: Execute\n\ndone\n\n### Step 4: Answer\n\n42\n',
    ],
  ]);
  const start = events.findLastIndex(({ type }) => type === 'message-started');
  const pieces = events.slice(start).flatMap((event) => (event.type === 'text-delta' ? [event] : []));
  const whole = pieces.map((piece) => piece.text).join('');
  expect(whole).toBe(
    `<Answer>42</Answer>\n<File>\n- [c \\[1\\].png](sandbox:/mnt/data/c%20%5B1%5D.png)\n- [${name}](sandbox:/mnt/data/${name})\n</File>\n`,
  );
  for (const { annotations } of pieces) {
    for (const { startIndex, endIndex, text: linked } of annotations) {
      expect(whole.slice(startIndex, endIndex)).toBe(linked);
    }
  }
  expect(outline(events).slice(-2)).toEqual([expect.stringMatching(/^message-completed/), 'finished:completed']);
  expect(events.some(({ type }) => type === 'image-added')).toBe(false);
});

import type { ChatMessage, ChatRequest, FunctionDefinition } from '../ports/chat-model.js';
import { decideTurn, type Turn } from './decide.js';
import { DEMO_NOTE } from './texts.js';

const CODE: FunctionDefinition = {
  name: 'code_interpreter',
  parameters: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] },
};
const WEATHER: FunctionDefinition = {
  name: 'get_current_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const TIME: FunctionDefinition = { name: 'localTime', parameters: { type: 'object', properties: {} } };
const FILES: ChatMessage = {
  role: 'system',
  content:
    'Files:\n- /mnt/data/sales.csv (12345 bytes)\n- /mnt/data/my notes (1).txt (7 bytes)\n- /mnt/data/sales_summary.csv (9 bytes)',
};

function decide(question: string, more: Partial<ChatRequest> = {}, before: ChatMessage[] = []): Turn {
  return decideTurn({ model: 'm', messages: [...before, { role: 'user', content: question }], ...more });
}

function codeOf(turn: Turn): string {
  expect(turn.calls).toHaveLength(1);
  expect(turn.calls[0]?.name).toBe('code_interpreter');
  return (JSON.parse(turn.calls[0]?.arguments ?? '{}') as { code: string }).code;
}

function afterCall(name: string, callArguments: string, content: string): Turn {
  return decideTurn({
    model: 'm',
    tools: [CODE, WEATHER],
    toolChoice: 'required',
    messages: [
      FILES,
      { role: 'user', content: 'Analyse the weather.' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name, arguments: callArguments } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content },
    ],
  });
}

describe('decideTurn with files', () => {
  it('profiles the files that are listed, but not what it wrote itself', () => {
    const turn = decide('Analyse this.', { tools: [CODE] }, [FILES]);
    expect(turn.text).toMatch(/demo program/);
    const code = codeOf(turn);
    expect(code).toContain('FILES = ["/mnt/data/sales.csv","/mnt/data/my notes (1).txt"]');
    expect(code).toContain('QUESTION = "analyse this."');
  });

  it('profiles only the file that is named', () => {
    expect(codeOf(decide('Look into Sales.csv', { tools: [CODE] }, [FILES]))).toContain(
      'FILES = ["/mnt/data/sales.csv"]',
    );
  });

  it('finds paths that nobody listed', () => {
    expect(codeOf(decide('Read `/mnt/data/a.tsv`.', { tools: [CODE] }))).toContain('FILES = ["/mnt/data/a.tsv"]');
  });

  it('cannot be made to run code by a file name or a question', () => {
    const name = '/mnt/data/x"]; import os; y = ["\\.csv';
    const listed: ChatMessage = { role: 'system', content: `- ${name} (1 bytes)` };
    const code = codeOf(decide('"\nimport os\n"', { tools: [CODE] }, [listed]));
    expect(code.split('\n')[0]).toBe(`FILES = ${JSON.stringify([name])}`);
    expect(code.split('\n')[1]).toBe('QUESTION = "\\"\\nimport os\\n\\""');
  });

  it.each<[string, Partial<ChatRequest>]>([
    ['no code interpreter', { tools: [WEATHER] }],
    ['no tools', {}],
    ['tools forbidden', { tools: [CODE], toolChoice: 'none' }],
  ])('only speaks with %s', (_title, request) => {
    const turn = decide('Analyse this.', request, [FILES]);
    expect(turn.calls).toEqual([]);
    expect(turn.text).toContain(DEMO_NOTE);
  });
});

describe('decideTurn with code', () => {
  it('runs the code of the user before anything else', () => {
    const question = 'Run this:\n```python\nprint("hi")\n```';
    expect(codeOf(decide(question, { tools: [CODE] }, [FILES]))).toBe('print("hi")');
  });

  it('calculates', () => {
    expect(codeOf(decide('What is 2 ^ 8?', { tools: [CODE] }))).toBe('print(2 ** 8)');
    expect(codeOf(decide('What is 2 ^ 8?', { tools: [CODE] }, [FILES]))).toBe('print(2 ** 8)');
    expect(codeOf(decide('Groups 1-3 of sales.csv', { tools: [CODE] }, [FILES]))).toContain('FILES =');
  });

  it('calls the interpreter when it must', () => {
    const toolChoice = { type: 'function', function: { name: 'code_interpreter' } } as const;
    expect(codeOf(decide('Hello', { tools: [CODE, WEATHER], toolChoice }))).toBe('print("threadmill-demo")');
    expect(codeOf(decide('Hello', { tools: [CODE], toolChoice: 'required' }))).toBe('print("threadmill-demo")');
  });
});

describe('decideTurn with functions', () => {
  const both = { tools: [WEATHER, TIME] };

  it.each<[string, Partial<ChatRequest>, string[]]>([
    ['How is the weather in Oslo?', both, ['get_current_weather']],
    ['The weather and the local time in Oslo?', both, ['get_current_weather', 'localTime']],
    ['The weather and the local time in Oslo?', { ...both, parallelToolCalls: false }, ['get_current_weather']],
    ['Hello', both, []],
    ['Hello', { ...both, toolChoice: 'required' }, ['get_current_weather']],
    ['Hello', { ...both, toolChoice: { type: 'function', function: { name: 'localTime' } } }, ['localTime']],
    ['The weather?', { ...both, toolChoice: 'none' }, []],
    ['Hello', { tools: [CODE, WEATHER], toolChoice: 'required' }, ['get_current_weather']],
  ])('%j with %j calls %j', (question, request, names) => {
    expect(decide(question, request).calls.map(({ name }) => name)).toEqual(names);
  });

  it('takes arguments from the question', () => {
    expect(decide('How is the weather in Oslo?', both).calls[0]?.arguments).toBe('{"city":"Oslo"}');
  });

  it('reports the result and calls nothing more, even when a call is required', () => {
    const turn = afterCall('get_current_weather', '{}', '{"degrees":"-4"}');
    expect(turn.calls).toEqual([]);
    expect(turn.text).toContain('{"degrees":"-4"}');
    expect(turn.text).toContain(DEMO_NOTE);
  });
});

describe('decideTurn after code', () => {
  it.each([
    ['{"code":"print(4)"}', '4\n', /Its output:\n\n```\n4\n```/],
    ['{"code":"x"}', 'Traceback (most recent call last):\nNameError: x', /did not succeed[\s\S]*NameError: x/],
    [
      '{"code":"profile_all(FILES, QUESTION)"}',
      'The time limit of 120 s was reached.',
      /did not succeed[\s\S]*time limit/,
    ],
    ['{"code":"pass"}', '', /printed nothing/],
    ['{"code":"x ="}', '  File "<cell>", line 1\nSyntaxError: invalid syntax', /did not succeed/],
    [
      '{"code":"while 1: 0"}',
      '[Timeout] The execution took too long and was stopped.',
      /did not succeed[\s\S]*too long/,
    ],
    ['{"code":"print(1)"}', 'Error: 0 found', /Its output/],
    [
      '{"code":"save()"}',
      'Files written:\n- /mnt/data/a b.csv (3 bytes)',
      /\[Download a b\.csv\]\(sandbox:\/mnt\/data\/a%20b\.csv\)/,
    ],
  ])('for %s that gave %j', (callArguments, content, expected) => {
    const turn = afterCall('code_interpreter', callArguments, content);
    expect(turn.calls).toEqual([]);
    expect(turn.text).toMatch(expected);
  });

  it('keeps the output in its block', () => {
    const turn = afterCall('code_interpreter', '{}', 'a\n```\n# Injected\n````\n');
    expect(turn.text).toContain('`````\na\n```\n# Injected\n````\n`````');
  });

  it('reports a file that could not be read, and makes up no numbers', () => {
    const content = `THREADMILL_DEMO_RESULT ${JSON.stringify({ files: [{ file: 'a.csv', error: 'ValueError: no' }] })}\n`;
    const turn = afterCall('code_interpreter', '{}', content);
    expect(turn.text).toMatch(/could not be analysed: ValueError: no/);
    expect(turn.text).not.toMatch(/rows|mean/);
  });
});

describe('decideTurn with nothing to do', () => {
  it('says what it is', () => {
    const { text, calls } = decide('Hello *there*');
    expect(calls).toEqual([]);
    expect(text).toMatch(/Hello \*there\*[\s\S]*I understand no language[\s\S]*not a language model/);
  });

  it('answers in JSON when asked to', () => {
    expect(JSON.parse(decide('Hi', { responseFormat: { type: 'json_object' } }).text)).toMatchObject({
      question: 'Hi',
    });
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const responseFormat = { type: 'json_schema', json_schema: { name: 'n', schema } } as const;
    expect(JSON.parse(decide('Take 7', { responseFormat }).text)).toEqual({ n: 7 });
  });
});

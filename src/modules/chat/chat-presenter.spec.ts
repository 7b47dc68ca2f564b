import {
  call,
  clientFunction,
  fakeInterpreter,
  finish,
  piece,
  play,
  serverFunction,
  start,
  text,
  tokens,
  usage,
  type ScriptStep,
} from '../../../test/builders/scripted-model.js';
import { ChatMessageBuilder, ChatPresenter, type ChatDeltaParts } from './chat-presenter.js';

interface Presented {
  presenter: ChatPresenter;
  deltas: ChatDeltaParts[];
  message: Record<string, unknown>;
}

async function presented(turns: ScriptStep[][], options: Parameters<typeof play>[1] = {}): Promise<Presented> {
  const { events } = await play(turns, options);
  const presenter = new ChatPresenter((fileId) => `http://files/${fileId}`);
  const deltas = events.flatMap((event) => presenter.apply(event) ?? []);
  const builder = new ChatMessageBuilder();
  for (const delta of deltas) builder.add(delta);
  return { presenter, deltas, message: builder.build() };
}

const CODE = [start(0, 'c1', 'code_interpreter'), piece(0, '{"code":"print('), piece(0, '1)"}'), usage(1, 2)];
const ANSWER = [text('Done.'), finish('stop'), usage(10, 20)];

test('text is content', async () => {
  const { presenter, deltas, message } = await presented([[text('a'), text('b'), finish('stop'), usage(1, 2)]]);
  expect(deltas).toEqual([{ content: 'a' }, { content: 'b' }]);
  expect(message).toEqual({ role: 'assistant', content: 'ab', refusal: null });
  expect(presenter).toMatchObject({ finishReason: 'stop', failure: null, usage: tokens(1, 2), generatedFiles: [] });
});

test('reasoning and refusal have fields of their own', async () => {
  const { message } = await presented([
    [{ type: 'reasoning', text: 'hm' }, { type: 'refusal', text: 'no' }, finish('stop')],
  ]);
  expect(message).toEqual({ role: 'assistant', content: null, refusal: 'no', reasoning_content: 'hm' });
});

describe('code', () => {
  const withOutput = () =>
    fakeInterpreter([
      { type: 'output', output: { type: 'logs', logs: '1\n' } },
      { type: 'output', output: { type: 'logs', logs: '2' } },
      { type: 'output', output: { type: 'image', fileId: 'file-a' } },
      { type: 'file', name: 'a.png', fileId: 'file-a', isImage: true },
      { type: 'file', name: 'b.csv', fileId: 'file-b', isImage: false },
      { type: 'result', content: '1 2' },
    ]);

  test('stands between its tags, then its output, then the files', async () => {
    const { presenter, message } = await presented([[text('See:'), ...CODE], ANSWER], { tools: [withOutput()] });
    expect(message['content']).toBe(
      [
        'See:',
        '<Code>',
        '```python',
        'print(1)',
        '```',
        '</Code>',
        '<Execute>',
        '```',
        '1',
        '2',
        '```',
        '</Execute>',
        '',
        '<File>',
        '- [a.png](http://files/file-a)',
        '![a.png](http://files/file-a)',
        '- [b.csv](http://files/file-b)',
        '</File>',
        '',
        'Done.',
      ].join('\n'),
    );
    expect(presenter.usage).toEqual(tokens(11, 22));
    expect(presenter.generatedFiles).toEqual([
      { id: 'file-a', name: 'a.png', url: 'http://files/file-a' },
      { id: 'file-b', name: 'b.csv', url: 'http://files/file-b' },
    ]);
  });

  test('without output has an empty block, without files none', async () => {
    const { message } = await presented([CODE, ANSWER], { tools: [fakeInterpreter()] });
    expect(message['content']).toBe(
      '\n<Code>\n```python\nprint(1)\n```\n</Code>\n<Execute>\n```\n\n```\n</Execute>\nDone.',
    );
  });

  test('twice in a turn has two blocks', async () => {
    const { message } = await presented([[...CODE, ...call(1, 'c2', 'code_interpreter', '{"code":"2"}')], ANSWER], {
      tools: [fakeInterpreter()],
    });
    const tags = String(message['content']).match(/<\/?\w+>/g);
    const block = ['<Code>', '</Code>', '<Execute>', '</Execute>'];
    expect(tags).toEqual([...block, ...block]);
  });

  test('a file written again is told once, with its newest id', async () => {
    const write = (fileId: string) => [
      { type: 'file' as const, name: 'a.csv', fileId, isImage: false },
      { type: 'result' as const, content: '' },
    ];
    const { presenter } = await presented([CODE, CODE, ANSWER], { tools: [fakeInterpreter(write('f1'), write('f2'))] });
    expect(presenter.generatedFiles).toEqual([{ id: 'f2', name: 'a.csv', url: 'http://files/f2' }]);
  });

  test('hostile file names do not end the link that shows them', async () => {
    const name = 'a](http://evil)\n<b>`x.csv';
    const tool = fakeInterpreter([
      { type: 'file', name, fileId: 'f1', isImage: false },
      { type: 'result', content: '' },
    ]);
    const { message } = await presented([CODE, ANSWER], { tools: [tool] });
    expect(message['content']).toContain('- [a\\](http://evil) \\<b\\>\\`x.csv](http://files/f1)\n</File>');
  });

  test('links into the sandbox become URLs', async () => {
    const files = new Map([['a.csv', 'file-a']]);
    const { message } = await presented([[text('[a](sandbox:/mnt/da'), text('ta/a.csv) b'), finish('stop')]], {
      files,
    });
    expect(message['content']).toBe('[a](http://files/file-a) b');
  });
});

describe('how it ends', () => {
  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
  ] as const)('%s', async (reason, told) => {
    expect((await presented([[text('a'), finish(reason)]])).presenter.finishReason).toBe(told);
  });

  test('cut off in code: the block is closed, the tokens are counted', async () => {
    const turn = [start(0, 'c1', 'code_interpreter'), piece(0, '{"code":"x'), finish('length'), usage(3, 4)];
    const { presenter, message } = await presented([turn], { tools: [fakeInterpreter()] });
    expect(message['content']).toBe('\n<Code>\n```python\nx\n```\n</Code>\n');
    expect(presenter).toMatchObject({ finishReason: 'length', usage: tokens(3, 4) });
  });

  test('a failure is told apart from an end', async () => {
    const { presenter } = await presented([]);
    expect(presenter.failure).toMatchObject({ code: 'server_error' });
  });
});

describe('functions of the client', () => {
  test('are tool calls: id and name once, arguments in pieces', async () => {
    const turn = [
      start(0, 'c1', 'f'),
      piece(0, '{"a"'),
      piece(0, ':1}'),
      ...call(1, 'c2', 'g', '{}'),
      finish('tool_calls'),
      usage(1, 2),
    ];
    const { presenter, deltas, message } = await presented([turn], {
      tools: [clientFunction('f'), clientFunction('g')],
    });
    expect(deltas).toEqual([
      { tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
      { tool_calls: [{ index: 1, id: 'c2', type: 'function', function: { name: 'g', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
    ]);
    expect(message).toEqual({
      role: 'assistant',
      content: null,
      refusal: null,
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
        { id: 'c2', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    });
    expect(presenter).toMatchObject({ finishReason: 'tool_calls', usage: tokens(1, 2) });
  });

  test('beside code count from 0, as the client sees no other calls', async () => {
    const { deltas, message } = await presented([[...CODE, ...call(1, 'c2', 'f', '{}'), finish('tool_calls')]], {
      tools: [fakeInterpreter(), clientFunction('f')],
    });
    expect(deltas.flatMap((delta) => delta.tool_calls?.map(({ index }) => index) ?? [])).toEqual([0, 0]);
    expect(message['tool_calls']).toEqual([{ id: 'c2', type: 'function', function: { name: 'f', arguments: '{}' } }]);
    expect(message['content']).toContain('</Execute>');
  });
});

describe('functions that run here', () => {
  const tools = [clientFunction('f'), serverFunction('g')];

  test('are told as activities, and are no calls for the client', async () => {
    const { presenter, deltas, message } = await presented([[...call(0, 's1', 'g', '{"a":1}')], ANSWER], { tools });
    expect(deltas.slice(0, 3)).toEqual([
      { tool_activity: [{ index: 0, id: 's1', type: 'function', name: 'g' }] },
      { tool_activity: [{ index: 0, arguments: '{"a":1}' }] },
      { tool_activity: [{ index: 0, output: 'g of {"a":1}' }] },
    ]);
    expect(message).toEqual({
      role: 'assistant',
      content: 'Done.',
      refusal: null,
      tool_activity: [{ id: 's1', type: 'function', name: 'g', arguments: '{"a":1}', output: 'g of {"a":1}' }],
    });
    expect(presenter.finishReason).toBe('stop');
  });

  test("beside the client's are done, and the client gets its own", async () => {
    const turn = [...call(0, 's1', 'g', '{}'), ...call(1, 'c1', 'f', '{}'), ...call(2, 's2', 'g', '{}')];
    const { presenter, message } = await presented([turn], { tools });
    expect(message).toMatchObject({
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      tool_activity: [{ id: 's1' }, { id: 's2' }],
    });
    expect(presenter.finishReason).toBe('tool_calls');
  });
});

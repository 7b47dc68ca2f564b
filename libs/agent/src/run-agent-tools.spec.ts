import {
  call,
  clientFunction,
  fakeInterpreter,
  finish,
  outline,
  piece,
  play,
  refusal,
  serverFunction,
  start,
  text,
  tokens,
  usage,
} from '../../../test/builders/scripted-model.js';

const ANSWER = [text('done'), finish('stop'), usage(5, 1)];
const ANSWERED = ['message-started(1)', 'text(1):done', 'message-completed(1)', 'finished:completed'];
const code = (source: string): string => JSON.stringify({ code: source });

describe('the interpreter', () => {
  test('text that leads up to a call is a message of its own', async () => {
    const { events } = await play(
      [
        [text('Let me see.'), ...call(0, 'c1', 'code_interpreter', code('1')), finish('tool_calls'), usage(9, 4)],
        ANSWER,
      ],
      { tools: [fakeInterpreter()] },
    );
    expect(outline(events)).toEqual([
      'message-started(0)',
      'text(0):Let me see.',
      'message-completed(0)',
      'call(1.0):c1',
      'input(1.0):1',
      'called(1.0):ok',
      'tools-completed(1)',
      'message-started(2)',
      'text(2):done',
      'message-completed(2)',
      'finished:completed',
    ]);
  });

  test("the turn's tokens are counted once, on the step of its tools", async () => {
    const { events } = await play(
      [[text('a'), ...call(0, 'c1', 'code_interpreter', code('1')), finish('tool_calls'), usage(9, 4)], ANSWER],
      { tools: [fakeInterpreter()] },
    );
    const counted = events.flatMap((event) => ('usage' in event ? [event.usage] : []));
    expect(counted).toEqual([tokens(0, 0), tokens(9, 4), tokens(5, 1), tokens(0, 0)]);
  });

  test('code is shown while it is written; outputs and files follow', async () => {
    const tool = fakeInterpreter([
      { type: 'output', output: { type: 'logs', logs: '1' } },
      { type: 'file', name: 'a.png', fileId: 'file-1', isImage: true },
      { type: 'output', output: { type: 'image', fileId: 'file-1' } },
      { type: 'result', content: '1' },
    ]);
    const files = new Map<string, string>();
    const { events } = await play(
      [
        [start(0, 'c1', 'code_interpreter'), piece(0, '{"code":"pri'), piece(0, 'nt(1)'), piece(0, '"}')],
        [text('sandbox:/mnt/data/a.png'), finish('stop')],
      ],
      { tools: [tool], files },
    );
    expect(outline(events)).toEqual([
      'call(0.0):c1',
      'input(0.0):pri',
      'input(0.0):nt(1)',
      'output(0.0)',
      'file-produced(0)',
      'output(0.0)',
      'called(0.0):1',
      'tools-completed(0)',
      'message-started(1)',
      'image-added(1)',
      'text(1):sandbox:/mnt/data/a.png',
      'message-completed(1)',
      'finished:completed',
    ]);
    expect(files).toEqual(new Map([['a.png', 'file-1']]));
    expect(tool.calls).toEqual([code('print(1)')]);
  });

  test('what the model reads next are its calls and their results', async () => {
    const { model } = await play(
      [[text('a'), ...call(0, 'c1', 'code_interpreter', code('1')), ...call(1, 'c2', 'nope', '{}')], ANSWER],
      { tools: [fakeInterpreter()] },
    );
    const named = (id: string, name: string, given: string): object => ({
      id,
      type: 'function',
      function: { name, arguments: given },
    });
    expect(model.requests[1]?.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: 'a',
        tool_calls: [named('c1', 'code_interpreter', code('1')), named('c2', 'nope', '{}')],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'ok' },
      { role: 'tool', tool_call_id: 'c2', content: expect.stringContaining('no tool named "nope"') },
    ]);
  });
});

describe('several calls in a turn', () => {
  const tools = () => [fakeInterpreter()];

  test('are shown one after the other, the later ones whole', async () => {
    const { events } = await play(
      [[...call(0, 'c1', 'code_interpreter', code('1')), ...call(1, 'c2', 'code_interpreter', code('2'))], ANSWER],
      { tools: tools() },
    );
    expect(outline(events)).toEqual([
      'call(0.0):c1',
      'input(0.0):1',
      'called(0.0):ok',
      'call(0.1):c2',
      'input(0.1):2',
      'called(0.1):ok',
      'tools-completed(0)',
      ...ANSWERED,
    ]);
  });

  test('whose fragments come in turns are told apart', async () => {
    const tool = fakeInterpreter();
    const [first, second] = [code('first'), code('second')];
    const { events } = await play(
      [
        [
          start(3, 'c1', 'code_interpreter'),
          start(8, 'c2', 'code_interpreter'),
          piece(8, second.slice(0, 12)),
          piece(3, first.slice(0, 12)),
          piece(8, second.slice(12)),
          piece(3, first.slice(12)),
          piece(99, 'of no call'),
        ],
        ANSWER,
      ],
      { tools: [tool] },
    );
    expect(tool.calls).toEqual([first, second]);
    expect(outline(events).filter((line) => line.startsWith('input'))).toEqual([
      `input(0.0):${first.slice(9, 12)}`,
      `input(0.0):${first.slice(12, -2)}`,
      'input(0.1):second',
    ]);
  });

  test('one is made where parallel calls are off: the one that was shown', async () => {
    const tool = fakeInterpreter();
    const { events, model } = await play(
      [
        [
          ...call(0, 'c0', 'nope', '{}'),
          ...call(1, 'c1', 'code_interpreter', code('1')),
          ...call(2, 'c2', 'nope', '{}'),
        ],
        ANSWER,
      ],
      { tools: [tool], request: { model: 'm', parallelToolCalls: false } },
    );
    expect(outline(events).slice(0, 4)).toEqual([
      'call(0.0):c1',
      'input(0.0):1',
      'called(0.0):ok',
      'tools-completed(0)',
    ]);
    expect(model.requests[1]?.messages).toHaveLength(3);
  });
});

describe('arguments', () => {
  test.each([
    ['with the code not first', '{"x":1,"code":"a"}', 'a', undefined],
    ['without code', '{"x":1}', null, undefined],
    ['that are no JSON: they are the code', 'print(1)', 'print(1)', '{"code":"print(1)"}'],
    ['that break off: they are closed', '{"code":"a', 'a', '{"code":"a"}'],
    ['in a string of JSON: they are taken out of it', '"{\\"code\\":\\"a\\"}"', 'a', code('a')],
    ['that are empty', '', null, '{}'],
  ])('%s show what there is, once', async (_, given, shown, repaired = given) => {
    const tool = fakeInterpreter();
    const { events } = await play([[...call(0, 'c1', 'code_interpreter', given)], ANSWER], { tools: [tool] });
    const inputs = outline(events).filter((line) => line.startsWith('input'));
    expect(inputs).toEqual(shown === null ? [] : [`input(0.0):${shown}`]);
    expect(tool.calls).toEqual([repaired]);
    expect(outline(events).at(-1)).toBe('finished:completed');
  });
});

describe('text around calls', () => {
  test('after a call is a message of its own once the call is done', async () => {
    const { events, model } = await play(
      [[text('before'), ...call(0, 'c1', 'code_interpreter', code('1')), text('af'), refusal('ter')], ANSWER],
      { tools: [fakeInterpreter()] },
    );
    expect(outline(events).slice(3, -4)).toEqual([
      'call(1.0):c1',
      'input(1.0):1',
      'called(1.0):ok',
      'tools-completed(1)',
      'message-started(2)',
      'text(2):after',
      'message-completed(2)',
    ]);
    expect(model.requests[1]?.messages[1]).toMatchObject({ content: 'beforeafter' });
  });

  test('around a call of an unknown tool is not repeated', async () => {
    const { events } = await play([[text('one '), ...call(0, 'c0', 'nope', '{}'), text('two')], ANSWER]);
    expect(outline(events).slice(0, -4)).toEqual([
      'message-started(0)',
      'text(0):one ',
      'message-completed(0)',
      'message-started(1)',
      'text(1):two',
      'message-completed(1)',
    ]);
  });
});

describe('an unknown tool', () => {
  test('is shown nowhere; the model is told, and the tokens are counted with the next step', async () => {
    const { events, model } = await play(
      [[...call(0, 'c0', 'x'.repeat(200), '{}'), finish('tool_calls'), usage(9, 4)], ANSWER],
      { tools: [fakeInterpreter()] },
    );
    expect(outline(events)).toEqual([
      'message-started(0)',
      'text(0):done',
      'message-completed(0)',
      'finished:completed',
    ]);
    expect(events.at(-2)).toMatchObject({ usage: tokens(14, 5) });
    const answer = model.requests[1]?.messages.at(-1);
    expect(answer).toMatchObject({ role: 'tool', tool_call_id: 'c0' });
    expect(JSON.stringify(answer).length).toBeLessThan(400);
  });
});

describe('functions of the client', () => {
  const tools = [fakeInterpreter(), clientFunction('weather'), clientFunction('time')];

  test("end the run's work until their outputs come", async () => {
    const { events, model } = await play(
      [
        [
          text('a'),
          start(0, 'c1', 'weather'),
          piece(0, '{"c'),
          piece(0, 'ity":1}'),
          ...call(1, 'c2', 'time', '{}'),
          usage(3, 2),
        ],
      ],
      { tools },
    );
    expect(outline(events).slice(3)).toEqual([
      'call(1.0):c1',
      'input(1.0):{"c',
      'input(1.0):ity":1}',
      'call(1.1):c2',
      'input(1.1):{}',
      'action-required(1)',
      'finished:action_required',
    ]);
    expect(events.at(-2)).toEqual({
      type: 'action-required',
      step: 1,
      usage: tokens(3, 2),
      calls: [
        { id: 'c1', name: 'weather', arguments: '{"city":1}' },
        { id: 'c2', name: 'time', arguments: '{}' },
      ],
    });
    expect(model.requests).toHaveLength(1);
  });

  test("beside the interpreter: its calls are done first, the client's remain", async () => {
    const { events } = await play(
      [[...call(0, 'c1', 'weather', '{}'), ...call(1, 'c2', 'code_interpreter', code('1')), finish('tool_calls')]],
      { tools },
    );
    expect(outline(events)).toEqual([
      'call(0.0):c1',
      'input(0.0):{}',
      'call(0.1):c2',
      'input(0.1):1',
      'called(0.1):ok',
      'action-required(0)',
      'finished:action_required',
    ]);
    expect(events.at(-2)).toMatchObject({ calls: [{ id: 'c1' }] });
  });
});

describe('functions that run here', () => {
  const tools = [clientFunction('weather'), serverFunction('calculator')];
  const bothInOneTurn = [...call(0, 'c1', 'weather', '{}'), ...call(1, 's1', 'calculator', '{"a":1}')];

  test('are run, and the model goes on', async () => {
    const { events, model } = await play([[...call(0, 's1', 'calculator', '{"a":1}'), finish('tool_calls')], ANSWER], {
      tools,
    });
    expect(outline(events)).toEqual([
      'call(0.0):s1',
      'input(0.0):{"a":1}',
      'called(0.0):calculator of {"a":1}',
      'tools-completed(0)',
      ...ANSWERED,
    ]);
    expect(events[0]).toMatchObject({ kind: 'function', byClient: false });
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content: 'calculator of {"a":1}' });
  });

  test("beside the client's are done before the run waits for the rest", async () => {
    const { events } = await play([[...bothInOneTurn, finish('tool_calls')]], { tools });
    expect(outline(events).slice(2)).toEqual([
      'call(0.1):s1',
      'input(0.1):{"a":1}',
      'called(0.1):calculator of {"a":1}',
      'action-required(0)',
      'finished:action_required',
    ]);
    expect(events.at(-2)).toMatchObject({ calls: [{ id: 'c1', name: 'weather' }] });
  });
});

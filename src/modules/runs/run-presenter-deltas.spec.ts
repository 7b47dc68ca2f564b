import { present } from '../../../test/builders/presented-run.js';
import {
  call,
  clientFunction,
  fakeInterpreter,
  finish,
  piece,
  play,
  refusal,
  searchTool,
  serverFunction,
  start,
  text,
} from '../../../test/builders/scripted-model.js';

type Json = Record<string, unknown>;

async function deltasOf(...input: Parameters<typeof play>): Promise<Json[]> {
  const { events } = await play(...input);
  return present(events).frames.flatMap(({ event, data }) => (event.endsWith('.delta') ? [data as Json] : []));
}

const part = (delta: Json | undefined): unknown => (delta?.['delta'] as { content: unknown[] }).content[0];
const callOf = (delta: Json): Json =>
  (delta['delta'] as { step_details: { tool_calls: Json[] } }).step_details.tool_calls[0] ?? {};

describe('message deltas', () => {
  const files = new Map([['a.csv', 'file-a']]);

  test('each bears id and object; annotations come with the first text, later where there are some', async () => {
    const link = 'sandbox:/mnt/data/a.csv';
    const deltas = await deltasOf([[text('See '), text('it: '), text(link), text('.'), finish('stop')]], { files });
    expect(deltas.map(({ id, object }) => [id, object])).toEqual(
      deltas.map(() => ['message_1', 'thread.message.delta']),
    );
    const annotation = {
      index: 0,
      type: 'file_path',
      text: link,
      start_index: 8,
      end_index: 8 + link.length,
      file_path: { file_id: 'file-a' },
    };
    expect(deltas.map(part)).toEqual([
      { index: 0, type: 'text', text: { value: 'See ', annotations: [] } },
      { index: 0, type: 'text', text: { value: 'it: ' } },
      { index: 0, type: 'text', text: { value: link, annotations: [annotation] } },
      { index: 0, type: 'text', text: { value: '.' } },
    ]);
  });

  test('a link in the first text comes with it; annotations count on', async () => {
    const link = 'sandbox:/mnt/data/a.csv';
    const deltas = await deltasOf([[text(`${link} ${link}!`), finish('stop')]], { files });
    const indexes = deltas.map((delta) => {
      const { annotations } = (part(delta) as { text: { annotations?: { index: number }[] } }).text;
      return annotations?.map(({ index }) => index);
    });
    expect(indexes).toEqual([[0], undefined, [1], undefined]);
  });

  test('a link to a page that was searched for is text: the wire has no annotation for it', async () => {
    const page = { title: 'Corn prices', address: 'https://a.example/corn' };
    const deltas = await deltasOf(
      [
        [...call(0, 's1', 'web_search', '{}'), finish('tool_calls')],
        [text(`See [it](${page.address})`), finish('stop')],
      ],
      { tools: [searchTool('web_search', page)] },
    );
    expect(deltas.filter(({ object }) => object === 'thread.message.delta').map(part)).toEqual([
      { index: 0, type: 'text', text: { value: 'See ', annotations: [] } },
      { index: 0, type: 'text', text: { value: `[it](${page.address})` } },
    ]);
  });

  test('images stand before the text, each with its file once', async () => {
    const deltas = await deltasOf([[text('Look'), finish('stop')]], { pendingImages: ['file-1', 'file-2'] });
    expect(deltas.map(part)).toEqual([
      { index: 0, type: 'image_file', image_file: { file_id: 'file-1', detail: 'auto' } },
      { index: 1, type: 'image_file', image_file: { file_id: 'file-2', detail: 'auto' } },
      { index: 2, type: 'text', text: { value: 'Look', annotations: [] } },
    ]);
  });

  test('a refusal is a part of its own', async () => {
    const deltas = await deltasOf([[text('a'), refusal('I '), refusal("won't"), text('b'), finish('stop')]]);
    expect(deltas.map(part)).toEqual([
      { index: 0, type: 'text', text: { value: 'a', annotations: [] } },
      { index: 1, type: 'refusal', refusal: 'I ' },
      { index: 1, type: 'refusal', refusal: "won't" },
      { index: 2, type: 'text', text: { value: 'b', annotations: [] } },
    ]);
  });
});

describe('step deltas', () => {
  test('the interpreter: opened empty, grown by fragments, outputs by their index', async () => {
    const tool = fakeInterpreter([
      { type: 'output', output: { type: 'logs', logs: 'a' } },
      { type: 'output', output: { type: 'logs', logs: 'b' } },
      { type: 'output', output: { type: 'image', fileId: 'file-i' } },
      { type: 'output', output: { type: 'logs', logs: 'c' } },
      { type: 'result', content: '' },
    ]);
    const turn = [start(0, 'c1', 'code_interpreter'), piece(0, '{"code":"x'), piece(0, 'y"}')];
    const deltas = await deltasOf([turn, [finish('stop')]], { tools: [tool] });
    const output = (...outputs: Json[]): Json => ({
      index: 0,
      type: 'code_interpreter',
      code_interpreter: { outputs },
    });
    const steps = deltas.filter(({ object }) => object === 'thread.run.step.delta');
    expect(steps.map(callOf)).toEqual([
      { index: 0, id: 'c1', type: 'code_interpreter', code_interpreter: { input: '', outputs: [] } },
      { index: 0, type: 'code_interpreter', code_interpreter: { input: 'x' } },
      { index: 0, type: 'code_interpreter', code_interpreter: { input: 'y' } },
      output({ index: 0, type: 'logs', logs: 'a' }),
      output({ index: 0, type: 'logs', logs: 'b' }),
      output({ index: 1, type: 'image', image: { file_id: 'file-i' } }),
      output({ index: 2, type: 'logs', logs: 'c' }),
    ]);
  });

  test('functions: name and id once, parallel calls by their index', async () => {
    const deltas = await deltasOf([[...call(0, 'c1', 'f', '{"a":1}'), ...call(1, 'c2', 'f', '{}')]], {
      tools: [clientFunction('f')],
    });
    expect(deltas.map(callOf)).toEqual([
      { index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '', output: null } },
      { index: 0, type: 'function', function: { arguments: '{"a":1}' } },
      { index: 1, id: 'c2', type: 'function', function: { name: 'f', arguments: '', output: null } },
      { index: 1, type: 'function', function: { arguments: '{}' } },
    ]);
    expect(deltas.every(({ object }) => object === 'thread.run.step.delta')).toBe(true);
  });

  test("functions that run here: the output comes when they are done, the client's stay without", async () => {
    const deltas = await deltasOf([[...call(0, 'c1', 'f', '{}'), ...call(1, 's1', 'g', '{}')]], {
      tools: [clientFunction('f'), serverFunction('g')],
    });
    expect(deltas.slice(2).map(callOf)).toEqual([
      { index: 1, id: 's1', type: 'function', function: { name: 'g', arguments: '', output: null } },
      { index: 1, type: 'function', function: { arguments: '{}' } },
      { index: 1, type: 'function', function: { output: 'g of {}' } },
    ]);
  });
});

describe('texts that no database takes', () => {
  test('are told and kept alike, with a sign in the place of each', async () => {
    const tool = fakeInterpreter([
      { type: 'output', output: { type: 'logs', logs: 'a\0b\ud800' } },
      { type: 'result', content: '\0' },
    ]);
    const turns = [
      [...call(0, 'c\0', 'code_interpreter', '{"code":"\\u0000"}')],
      [text('x\0\udc00😀'), finish('stop')],
    ];
    const { events } = await play(turns, { tools: [tool] });
    const { steps, messages, frames } = present(events);
    expect(steps[0]?.toolCalls[0]).toMatchObject({
      id: 'c\ufffd',
      input: '\ufffd',
      outputs: [{ type: 'logs', logs: 'a\ufffdb\ufffd' }],
      arguments: '{"code":"\\u0000"}',
      result: '\ufffd',
    });
    expect(messages[0]?.content).toEqual([{ type: 'text', text: { value: 'x\ufffd\ufffd😀', annotations: [] } }]);
    const told = JSON.stringify(frames);
    expect(told).not.toMatch(/\\u0000|\\u?d[89c][0-9a-f]{2}/i);
  });

  test('so with the words of an error', () => {
    const { run } = present([
      { type: 'finished', outcome: { type: 'failed', code: 'server_error', message: 'bad\0' } },
    ]);
    expect(run.lastError?.message).toBe('bad\ufffd');
  });
});

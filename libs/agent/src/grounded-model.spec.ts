import type { ChatDelta, ResponseFormat } from '@libs/llm';
import { call, finish, ScriptedModel, text, usage } from '../../../test/builders/scripted-model.js';
import { SourceList } from './citations/source-list.js';
import { GroundedModel } from './grounded-model.js';
import { ToolChoiceError } from './model-layers/tool-choice-model.js';

const REFUSAL = 'Nothing was found.';
const PASSAGE = {
  ...{ fileId: 'f', filename: 'f.txt', text: 'words', score: 1, attributes: {}, passage: 'p' },
  ...{ page: null, headings: [] },
};

async function deltasOf(
  turn: ChatDelta[],
  sources: SourceList,
  responseFormat: ResponseFormat = { type: 'text' },
): Promise<ChatDelta[]> {
  const model = new GroundedModel(new ScriptedModel([turn]), { sources, refusal: REFUSAL });
  const deltas: ChatDelta[] = [];
  for await (const delta of model.stream({ model: 'script', messages: [], responseFormat })) deltas.push(delta);
  return deltas;
}

test('words without anything found become the refusal', async () => {
  const turn = [text('I think '), text('it is so.'), finish('length'), usage(1, 2)];
  expect(await deltasOf(turn, new SourceList())).toEqual([text(REFUSAL), finish('stop'), usage(1, 2)]);
});

test.each<ResponseFormat>([
  { type: 'json_object' },
  { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
])('where JSON was asked for ($type), the refusal is none of the answer', async (format) => {
  const turn = [text('{"food": "bread"}'), finish('stop'), usage(1, 2)];
  const refusal = { type: 'refusal', text: REFUSAL };
  expect(await deltasOf(turn, new SourceList(), format)).toEqual([refusal, finish('stop'), usage(1, 2)]);
});

test('silence without anything found becomes the refusal', async () => {
  expect(await deltasOf([finish('stop')], new SourceList())).toEqual([text(REFUSAL), finish('stop')]);
});

test('calls pass, without the words before them', async () => {
  const calls = [...call(0, 'c', 'file_search', '{}'), finish('tool_calls'), usage(1, 2)];
  expect(await deltasOf([text('Surely it is so.'), ...calls], new SourceList())).toEqual(calls);
});

test('once something was found, everything passes', async () => {
  const sources = new SourceList();
  sources.add([PASSAGE]);
  const turn = [text('It is so [[1]].'), finish('stop')];
  expect(await deltasOf(turn, sources)).toEqual(turn);
});

test.each([
  ['the search', 'file_search', [text(REFUSAL), finish('stop')]],
  ['any tool', null, null],
])('a model that never calls %s', async (_, demanded, expected) => {
  const fail = (): void => {
    throw new ToolChoiceError(demanded, 3);
  };
  const model = new GroundedModel(new ScriptedModel([[fail]]), { sources: new SourceList(), refusal: REFUSAL });
  const deltas: ChatDelta[] = [];
  const reading = (async (): Promise<void> => {
    for await (const delta of model.stream({ model: 'script', messages: [] })) deltas.push(delta);
  })();
  if (expected === null) await expect(reading).rejects.toThrow('did not call a tool');
  else await reading;
  expect(deltas).toEqual(expected ?? []);
});

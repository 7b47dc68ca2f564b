import { aCall, aMessage, aRun, aStep } from '../../../test/builders/run-records.js';
import { ScriptedModel, tokens } from '../../../test/builders/scripted-model.js';
import { toAgentInput, type RunInputParts } from './run-input.js';
import type { RunRecord, RunStepRecord } from './runs.types.js';

const LIMITS = { defaultTemperature: 0.4, maxNewTokens: 1000, maxToolRounds: 7 };
const chat = new ScriptedModel([]);

function inputOf(run: Partial<RunRecord> = {}, steps: RunStepRecord[] = [], more: Partial<RunInputParts> = {}) {
  return toAgentInput({
    run: aRun(run),
    messages: [aMessage()],
    steps,
    toolbox: { tools: [], prompt: '', files: new Map(), dataFiles: [], dispose: () => Promise.resolve() },
    images: new Map(),
    model: { chat, contextSize: undefined, countTokens: (text) => Promise.resolve(text.length) },
    limits: LIMITS,
    ...more,
  });
}

const textStep = (status: RunStepRecord['status'] = 'completed'): RunStepRecord =>
  aStep({ type: 'message_creation', status, messageId: 'msg_x', usage: tokens(10, 20) });
const imageStep = (fileId: string): RunStepRecord =>
  aStep({
    toolCalls: [
      aCall({
        outputs: [
          { type: 'logs', logs: 'x' },
          { type: 'image', fileId },
        ],
      }),
    ],
    usage: tokens(1, 2),
  });

test('what nobody asked for is left to the server, save the configured limits', () => {
  expect(inputOf().request).toEqual({ model: 'demo', temperature: 0.4, maxTokens: 1000, parallelToolCalls: true });
  expect(inputOf()).not.toHaveProperty('maxCompletionTokens');
  expect(inputOf()).toMatchObject({ maxToolRounds: 7, toolChoice: 'auto', pendingImages: [] });
});

test('what was asked for is passed on, zero included', () => {
  const asked = { temperature: 0, topP: 0, reasoningEffort: 'low', responseFormat: { type: 'json_object' } } as const;
  expect(inputOf(asked).request).toMatchObject({
    temperature: 0,
    topP: 0,
    reasoningEffort: 'low',
    responseFormat: { type: 'json_object' },
  });
});

test("the tools' prompt is the agent's to place", () => {
  const toolbox = {
    tools: [],
    prompt: 'You can run Python.',
    files: new Map(),
    dataFiles: [],
    dispose: () => Promise.resolve(),
  };
  const { messages, toolPrompt } = inputOf({ instructions: 'Be kind.' }, [], { toolbox });
  expect(messages[0]).toEqual({ role: 'system', content: 'Be kind.' });
  expect(toolPrompt).toBe('You can run Python.');
});

test('the budget is what the run has not spent', () => {
  expect(inputOf({ maxCompletionTokens: 300 }, [textStep(), imageStep('a')]).maxCompletionTokens).toBe(278);
});

describe('the choice among tools', () => {
  test.each([
    ['none', 'none'],
    ['required', 'required'],
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'function', function: { name: 'f' } },
    ],
    [{ type: 'code_interpreter' }, { type: 'function', function: { name: 'code_interpreter' } }],
    [{ type: 'file_search' }, { type: 'function', function: { name: 'file_search' } }],
  ] as const)('%j', (toolChoice, choice) => {
    expect(inputOf({ toolChoice }).toolChoice).toEqual(choice);
  });

  test.each([
    ['nothing', [], 'required'],
    ['a message that was cut off', [textStep('failed')], 'required'],
    ['the text before a call', [textStep()], 'required'],
    ['a call that was cut off', [aStep({ status: 'failed' })], 'required'],
    ['a finished call', [textStep(), aStep()], 'auto'],
  ] as const)('after %s', (_, steps, choice) => {
    expect(inputOf({ toolChoice: 'required' }, [...steps]).toolChoice).toBe(choice);
  });
});

describe('images that no message has shown', () => {
  test.each([
    ['after a message that shows none', [imageStep('a'), textStep(), imageStep('b'), imageStep('c')], ['b', 'c']],
    ['before a finished message', [imageStep('a'), textStep()], []],
    ['before a message that was cut off', [imageStep('a'), textStep('failed')], ['a']],
  ])('%s', (_, steps, images) => {
    expect(inputOf({}, steps).pendingImages).toEqual(images);
  });
});

describe('the truncation strategy', () => {
  const messages = ['a', 'b', 'c'].map((id) =>
    aMessage({ id, content: [{ type: 'text', text: { value: id, annotations: [] } }] }),
  );
  const own = aMessage({ id: 'own', role: 'assistant', runId: 'run_1' });
  const contents = (run: Partial<RunRecord>): unknown[] =>
    inputOf(run, [aStep({ type: 'message_creation', messageId: 'own' })], {
      messages: [...messages, own],
    }).messages.map(({ content }) => content);

  test("last_messages counts the thread's messages, not the run's own", () => {
    const truncationStrategy = { type: 'last_messages', last_messages: 2 } as const;
    expect(contents({ truncationStrategy })).toEqual(['b', 'c', 'hello']);
  });

  test('auto leaves all', () => {
    expect(contents({})).toEqual(['a', 'b', 'c', 'hello']);
  });
});

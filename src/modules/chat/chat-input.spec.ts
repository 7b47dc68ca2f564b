import { SourceList } from '@libs/agent';
import { readChatRequest } from '@libs/llm';
import { ScriptedModel } from '../../../test/builders/scripted-model.js';
import type { Toolbox } from '../tools/index.js';
import { readChatBody } from './chat-body.js';
import { clientFunctions, toAgentInput, withInterpreter } from './chat-input.js';

const MESSAGES = [{ role: 'user' as const, content: 'hi' }];
const bodyOf = (more: object): ReturnType<typeof readChatBody> => readChatBody({ messages: MESSAGES, ...more });

describe('the tools of a chat completion', () => {
  const interpreter = { type: 'code_interpreter' };
  const named = { type: 'function', function: { name: 'f', parameters: {} } };

  test.each([
    [{}, []],
    [{ file_ids: ['f'] }, [interpreter]],
    [{ messages: [{ ...MESSAGES[0], file_ids: ['f'] }] }, [interpreter]],
    [{ file_ids: ['f'], execute_code: false }, []],
    [{ execute_code: true }, [interpreter]],
    [{ file_ids: [] }, []],
    [{ tools: [named] }, [named]],
    [{ tools: [named], execute_code: true }, [interpreter, named]],
    [{ tools: [null, 1, {}, { type: 'function' }, { type: 'function', function: { name: 1 } }, { type: 'x' }] }, []],
    [{ tools: 'f' }, []],
  ])('%j', (more, tools) => {
    const body = bodyOf(more);
    expect(withInterpreter(body, clientFunctions(body), body.fileIds.length > 0)).toEqual(tools);
  });
});

describe('the interpreter among tools that run here', () => {
  const interpreter = { type: 'code_interpreter' as const };
  const calculator = { type: 'built_in' as const, name: 'calculator', options: {} };

  test.each([
    [{}, [calculator], false, [calculator]],
    [{}, [calculator, interpreter], false, [interpreter, calculator]],
    [{ execute_code: false }, [calculator, interpreter], true, [calculator]],
    [{}, [interpreter], true, [interpreter]],
    [{}, [calculator], true, [interpreter, calculator]],
  ])('%j with %j and files: %j', (more, tools, hasFiles, expected) => {
    expect(withInterpreter(bodyOf(more), tools, hasFiles)).toEqual(expected);
  });
});

describe('what the agent is asked', () => {
  const chat = new ScriptedModel([]);
  const model = {
    chat,
    context: { runId: 'chatcmpl-1' },
    contextSize: undefined,
    countTokens: () => Promise.resolve(1),
    settings: {},
  };
  const inputOf = (more: object, defaultTemperature: number | undefined = undefined, toolbox: Partial<Toolbox> = {}) =>
    toAgentInput(
      { request: readChatRequest({ model: 'm', messages: MESSAGES, ...more }).request, agentType: undefined },
      model,
      { tools: [], prompt: '', files: new Map(), dataFiles: [], dispose: () => Promise.resolve(), ...toolbox },
      { defaultTemperature, maxNewTokens: 100, maxToolRounds: 3 },
    );

  test.each([
    [{}, { model: 'm', maxTokens: 100 }],
    [{ max_tokens: 5 }, { maxTokens: 5 }],
    [{ max_tokens: 5, max_completion_tokens: 6 }, { maxTokens: 6 }],
    [{ max_completion_tokens: null }, { maxTokens: 100 }],
    [
      { temperature: 0, top_p: 0 },
      { temperature: 0, topP: 0 },
    ],
    [{ temperature: 'hot' }, { maxTokens: 100 }],
    [{ stop: 'x' }, { stop: ['x'] }],
    [{ stop: ['x', 'y'] }, { stop: ['x', 'y'] }],
    [{ stop: null }, {}],
    [{ response_format: { type: 'json_object' } }, { responseFormat: { type: 'json_object' } }],
    [{ response_format: null }, {}],
    [{ reasoning_effort: 'low' }, { reasoningEffort: 'low' }],
    [{ parallel_tool_calls: false }, { parallelToolCalls: false }],
    [{ seed: 1, top_k: 2, logit_bias: { 3: 4 } }, { extraBody: { seed: 1, top_k: 2, logit_bias: { 3: 4 } } }],
  ])('%j', (more, request) => {
    expect(inputOf(more).request).toEqual({ model: 'm', maxTokens: 100, extraBody: {}, ...request });
  });

  test.each([
    [{}, undefined],
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 6 }, 6],
  ])('of all turns of %j there may be %d tokens', (more, most) => {
    expect(inputOf(more).maxCompletionTokens).toBe(most);
  });

  test.each([
    [{}, 0.4, 0.4],
    [{ temperature: null }, 0.4, 0.4],
    [{ temperature: 0 }, 0.4, 0],
  ])('the temperature of %j with the default %d is %d', (more, byDefault, temperature) => {
    expect(inputOf(more, byDefault).request.temperature).toBe(temperature);
  });

  test.each([
    [undefined, 'auto'],
    [null, 'auto'],
    ['none', 'none'],
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'function', function: { name: 'f' } },
    ],
  ])('tool_choice %j is %j', (tool_choice, choice) => {
    expect(inputOf({ tool_choice }).toolChoice).toEqual(choice);
  });

  test.each([
    [undefined, { type: 'function', function: { name: 'file_search' } }],
    ['none', 'none'],
  ])('who may only tell what was found searches first, with the tool_choice %j', (tool_choice, choice) => {
    const grounding = { sources: new SourceList(), refusal: 'No.' };
    const input = inputOf({ tool_choice }, undefined, { grounding });
    expect(input).toMatchObject({ grounding, toolChoice: choice });
    expect(inputOf({}).grounding).toBeUndefined();
  });
});

import { ModelError } from '@libs/llm';
import { call, finish, play, serverFunction, text, usage } from '../../../../test/builders/scripted-model.js';
import { KeepingTracer } from '../../../../test/builders/keeping-tracer.js';
import { runAgent } from '../run-agent.js';
import type { Tool } from '../tool.js';
import type { Tracer } from './tracer.js';

let tracer: KeepingTracer;
beforeEach(() => {
  tracer = new KeepingTracer();
});

const traced = (): { tracing: { tracer: Tracer; runId: string; parent: string } } => ({
  tracing: { tracer, runId: 'run_1', parent: 'the request' },
});
const outlined = (): unknown[] => tracer.spans.map(({ name, parent, error }) => [name, parent, error]);

const CALLING = [...call(0, 'c1', 'look', '{"at":"the secret"}'), finish('tool_calls'), usage(9, 4)];

it('one for the agent, in it one for each turn and each call, with counts and without what was said', async () => {
  const tools = [serverFunction('look')];
  await play([CALLING, [text('A secret.'), finish('stop'), usage(20, 2)]], { tools, ...traced() });
  expect(outlined()).toEqual([
    ['invoke_agent', 'the request', null],
    ['chat script', 'invoke_agent', null],
    ['execute_tool look', 'invoke_agent', null],
    ['chat script', 'invoke_agent', null],
  ]);
  expect(tracer.spans[0]?.attributes).toMatchObject({
    'threadmill.run.id': 'run_1',
    'threadmill.outcome': 'completed',
  });
  expect(tracer.spans[1]?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'script',
    'gen_ai.usage.input_tokens': 9,
    'gen_ai.usage.output_tokens': 4,
    'gen_ai.response.finish_reasons': ['tool_calls'],
  });
  expect(tracer.spans[2]?.attributes).toMatchObject({ 'gen_ai.tool.name': 'look', 'gen_ai.tool.call.id': 'c1' });
  expect(JSON.stringify(tracer.spans)).not.toContain('secret');
});

it('a model that fails ends its span and the agent’s by its kind of failure', async () => {
  const fail = (): void => {
    throw new ModelError('timeout', 'Too slow for a secret.');
  };
  await play([[fail]], traced());
  expect(outlined()).toEqual([
    ['invoke_agent', 'the request', 'server_error'],
    ['chat script', 'invoke_agent', 'timeout'],
  ]);
});

it('a tool that throws does, too', async () => {
  const broken: Tool = {
    ...serverFunction('look'),
    execute: () => {
      throw new TypeError('A secret.');
    },
  };
  await play([CALLING], { tools: [broken], ...traced() });
  expect(tracer.spans.map(({ error }) => error)).toEqual(['server_error', null, 'TypeError']);
});

it('a reader that leaves ends all that is open', async () => {
  const { model } = await play([]);
  Object.assign(model, { turns: [[], [text('One '), text('two')]] });
  const input = { model, request: { model: 'script' }, messages: [], tools: [], toolChoice: 'auto', maxToolRounds: 1 };
  for await (const event of runAgent(
    { ...input, files: new Map(), ...traced() } as never,
    new AbortController().signal,
  )) {
    if (event.type === 'text-delta') break;
  }
  expect(tracer.spans.map(({ error }) => error)).toEqual([null, null]);
  expect(tracer.spans[0]?.attributes['threadmill.outcome']).toBe('aborted');
});

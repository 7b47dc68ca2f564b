import { ModelError, type ForwardRequest, type ForwardSink } from '@libs/llm';
import { KeepingTracer, type KeptSpan } from '../../../test/builders/keeping-tracer.js';
import { tracedForward } from './traced-forward.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const SSE_TYPE = { 'content-type': 'text/event-stream; charset=utf-8' };
const USAGE = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
const TOKENS = { 'gen_ai.usage.input_tokens': 9, 'gen_ai.usage.output_tokens': 4 };

interface Passed {
  span: KeptSpan | undefined;
  /** As the model server got it. */
  request: ForwardRequest;
  /** What the sink was told, in order. */
  told: unknown[];
}

/** Passes a request on to a server that answers this way. */
function pass(answer: (sink: ForwardSink) => void, path = '/chat/completions'): Passed {
  const tracer = new KeepingTracer();
  const told: unknown[] = [];
  let request: ForwardRequest | undefined;
  const forward = tracedForward(tracer)((got, sink) => {
    request = got;
    answer(sink);
  }, 'a-model');
  forward(
    {
      path,
      body: Buffer.from('{}'),
      signal: new AbortController().signal,
      context: { runId: 'req_1', traceparent: 'the request' },
    },
    {
      onStart: (status) => void told.push(status),
      onData: (chunk) => told.push(chunk.toString()) > 0,
      onEnd: () => void told.push('end'),
      onError: (error) => void told.push(error.message),
    },
  );
  if (!request) throw new Error('Nothing was passed on.');
  return { span: tracer.spans[0], request, told };
}

function answering(status: number, headers: Record<string, string>, chunks: readonly string[]): Passed {
  return pass((sink) => {
    sink.onStart(status, headers, () => undefined);
    for (const chunk of chunks) sink.onData(Buffer.from(chunk));
    sink.onEnd();
  });
}

const whole = (body: object): string[] => [JSON.stringify(body)];
const frames = (...bodies: unknown[]): string[] => bodies.map((body) => `data: ${JSON.stringify(body)}\n\n`);
const choice = (finish_reason: string | null, index = 0): object => ({ index, finish_reason, delta: { content: 'x' } });

it('is under what asked for it, and the model server goes on under it', () => {
  const { span, request, told } = answering(200, JSON_TYPE, ['{}']);
  expect(span).toMatchObject({ name: 'chat a-model', parent: 'the request', error: null });
  expect(span?.attributes).toEqual({
    'gen_ai.provider.name': 'threadmill',
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'a-model',
    'threadmill.run.id': 'req_1',
  });
  expect(request.context).toEqual({ runId: 'req_1', traceparent: 'chat a-model' });
  expect(told).toEqual([200, '{}', 'end']);
});

const cut = whole({ choices: [choice('stop')], usage: USAGE }).flatMap((text) => [text.slice(0, 9), text.slice(9)]);
it.each<[string, Record<string, string>, string[], object]>([
  ['a whole answer in pieces', JSON_TYPE, cut, { ...TOKENS, 'gen_ai.response.finish_reasons': ['stop'] }],
  [
    'a stream, past its long beginning',
    SSE_TYPE,
    [
      ...frames(...Array.from({ length: 2000 }, () => ({ choices: [choice(null)] }))),
      ...frames({ choices: [choice('length')] }, { choices: [], usage: USAGE }),
      'data: [DONE]\n\n',
    ],
    { ...TOKENS, 'gen_ai.response.finish_reasons': ['length'] },
  ],
  [
    'several choices',
    SSE_TYPE,
    frames({ choices: [choice('stop', 1)] }, { choices: [choice('length')] }),
    { 'gen_ai.response.finish_reasons': ['stop', 'length'] },
  ],
  ['an answer that tells nothing', JSON_TYPE, whole({ choices: 7, usage: { prompt_tokens: 'many' } }), {}],
  ['what is no JSON', JSON_TYPE, ['<html>'], {}],
  ['a compressed answer', { ...JSON_TYPE, 'content-encoding': 'gzip' }, whole({ usage: USAGE }), {}],
])('reads %s', (_, headers, chunks, expected) => {
  const { attributes } = answering(200, headers, chunks).span ?? { attributes: {} };
  const read = Object.entries(attributes).filter(([name]) => /usage|response/.test(name));
  expect(Object.fromEntries(read)).toEqual(expected);
});

it.each([
  [500, '{"error":{"message":"a secret"}}', 'failed'],
  [429, '', 'rate_limited'],
  [404, '{"error":{"message":"The model x does not exist"}}', 'model_not_found'],
])('an answer of status %i is an error', (status, body, error) => {
  const { span, told } = answering(status, JSON_TYPE, [body]);
  expect(span?.error).toBe(error);
  expect(JSON.stringify(span)).not.toContain('secret');
  expect(told).toEqual([status, body, 'end']);
});

it('an answer that breaks off is an error', () => {
  const { span, told } = pass((sink) => {
    sink.onStart(200, SSE_TYPE, () => undefined);
    sink.onError(new ModelError('unavailable', 'It is gone.'));
  });
  expect(span?.error).toBe('unavailable');
  expect(told).toEqual([200, 'It is gone.']);
});

it('requests of other kinds have none', () => {
  const { span, request } = pass((sink) => sink.onEnd(), '/embeddings');
  expect(span).toBeUndefined();
  expect(request.context?.traceparent).toBe('the request');
});

import type { ModelErrorKind } from '../ports/model-error.js';
import { mapErrorAnswer, mapErrorFrame } from './error-mapping.js';

interface Case {
  title: string;
  status: number;
  body: unknown;
  kind: ModelErrorKind;
  message: string;
  code?: string;
  param?: string;
}

const CASES: Case[] = [
  {
    title: 'vLLM before 0.10',
    status: 400,
    body: { object: 'error', message: 'Context too long.', type: 'BadRequestError', param: null, code: 400 },
    kind: 'rejected',
    message: 'Context too long.',
  },
  {
    title: 'vLLM from 0.10',
    status: 400,
    body: { error: { message: 'Context too long.', type: 'BadRequestError', param: 'max_tokens', code: 400 } },
    kind: 'rejected',
    message: 'Context too long.',
    param: 'max_tokens',
  },
  {
    title: 'vLLM without the model, old shape',
    status: 404,
    body: { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', param: null, code: 404 },
    kind: 'model_not_found',
    message: 'The model `x` does not exist.',
  },
  {
    title: 'vLLM without the model, new shape',
    status: 404,
    body: { error: { message: 'The model `x` does not exist.', type: 'NotFoundError', param: 'model', code: 404 } },
    kind: 'model_not_found',
    message: 'The model `x` does not exist.',
    param: 'model',
  },
  {
    title: 'Ollama without the model',
    status: 404,
    body: { error: { message: 'model "x" not found, try pulling it first', type: 'not_found_error', code: null } },
    kind: 'model_not_found',
    message: 'model "x" not found, try pulling it first',
  },
  {
    title: 'Ollama with a bare text',
    status: 404,
    body: { error: "model 'x' not found" },
    kind: 'model_not_found',
    message: "model 'x' not found",
  },
  {
    title: 'OpenAI without the model',
    status: 404,
    body: { error: { message: 'No access.', type: 'invalid_request_error', param: null, code: 'model_not_found' } },
    kind: 'model_not_found',
    message: 'No access.',
    code: 'model_not_found',
  },
  {
    title: 'llama.cpp while it loads',
    status: 503,
    body: { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
    kind: 'unavailable',
    message: 'Loading model',
  },
  {
    title: 'llama.cpp that failed',
    status: 500,
    body: { error: { code: 500, message: 'Failed to parse grammar', type: 'server_error' } },
    kind: 'failed',
    message: 'Failed to parse grammar',
  },
  {
    title: 'OpenAI over its limit',
    status: 429,
    body: { error: { message: 'Slow down.', type: 'requests', param: null, code: 'rate_limit_exceeded' } },
    kind: 'rate_limited',
    message: 'Slow down.',
    code: 'rate_limit_exceeded',
  },
  { title: 'FastAPI', status: 404, body: { detail: 'Not Found' }, kind: 'rejected', message: 'Not Found' },
  {
    title: 'vLLM without a key',
    status: 401,
    body: { error: 'Unauthorized' },
    kind: 'rejected',
    message: 'Unauthorized',
  },
  { title: 'a proxy in plain text', status: 502, body: 'Bad Gateway\n', kind: 'unavailable', message: 'Bad Gateway' },
  { title: 'a gateway that waited', status: 504, body: 'Gateway Timeout', kind: 'timeout', message: 'Gateway Timeout' },
  {
    title: 'the page of a proxy',
    status: 502,
    body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body></html>\r\n',
    kind: 'unavailable',
    message: '502 Bad Gateway',
  },
  {
    title: 'a page without a title',
    status: 500,
    body: '<h1>Oops</h1>',
    kind: 'failed',
    message: 'The model server answered with status 500.',
  },
  {
    title: 'FastAPI with a list of problems',
    status: 422,
    body: {
      detail: [
        { type: 'missing', loc: ['body', 'messages', 0, 'content'], msg: 'Field required', input: {} },
        { type: 'float_type', loc: ['body', 'top_p'], msg: 'Input should be a valid number' },
      ],
    },
    kind: 'rejected',
    message: 'body.messages.0.content: Field required; body.top_p: Input should be a valid number',
  },
  {
    title: 'Mistral with problems inside of the message',
    status: 422,
    body: {
      object: 'error',
      message: { detail: [{ loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }] },
      type: 'invalid_request_error',
      param: null,
      code: null,
    },
    kind: 'rejected',
    message: 'body.stream_options: Extra inputs are not permitted',
  },
  {
    title: 'LiteLLM, whose code is the status as a text',
    status: 400,
    body: { error: { message: 'litellm.BadRequestError: No.', type: null, param: null, code: '400' } },
    kind: 'rejected',
    message: 'litellm.BadRequestError: No.',
  },
  {
    title: 'a redirect, without telling where to',
    status: 307,
    body: '<a href="http://10.0.0.7/v1">Temporary Redirect</a>',
    kind: 'failed',
    message:
      'The model server redirects to another address (307); it has to be configured with the one it is served at.',
  },
  {
    title: 'nothing at all',
    status: 500,
    body: '',
    kind: 'failed',
    message: 'The model server answered with status 500.',
  },
  {
    title: 'JSON of another world',
    status: 418,
    body: [1, 2],
    kind: 'rejected',
    message: 'The model server answered with status 418.',
  },
];

describe('mapErrorAnswer', () => {
  it.each(CASES)('reads $title', ({ status, body, kind, message, code = null, param = null }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const error = mapErrorAnswer({ status, body: text, headers: {} }, 0);
    expect(error).toMatchObject({ kind, message, details: { status, code, param } });
  });

  it.each([
    [400, { error: '"gemma3:4b" does not support tools' }],
    [400, { error: { message: 'registry.ollama.ai/library/gemma:2b does not support tools', type: 'api_error' } }],
    [500, { error: { code: 500, message: 'tools param requires --jinja flag', type: 'server_error' } }],
    [404, { error: { message: 'No endpoints found that support tool use. To learn more, visit x', code: 404 } }],
  ])('knows a refusal of all tools: %d %j', (status, body) => {
    const error = mapErrorAnswer({ status, body: JSON.stringify(body), headers: {} }, 0);
    expect(error).toMatchObject({ kind: 'rejected', details: { status: 400, code: 'tools_not_supported' } });
  });

  it('takes no word of a user for one', () => {
    const body = JSON.stringify({ error: { message: "Invalid image: 'this does not support tools'" } });
    expect(mapErrorAnswer({ status: 400, body, headers: {} }, 0).details.code).toBeNull();
  });

  it('cuts endless messages', () => {
    const error = mapErrorAnswer({ status: 500, body: 'x'.repeat(10_000), headers: {} }, 0);
    expect(error.message).toHaveLength(2000);
  });

  it.each([
    [{ 'retry-after-ms': '120' }, 120],
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:10 GMT' }, 9000],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('reads how long to wait from %j', (headers, expected) => {
    const error = mapErrorAnswer({ status: 429, body: '', headers }, 1000);
    expect(error.details.retryAfterMs).toBe(expected);
  });
});

describe('mapErrorFrame', () => {
  it.each<[unknown, ModelErrorKind, string]>([
    [{ error: { message: 'Bad.', type: 'BadRequestError', param: null, code: 400 } }, 'rejected', 'Bad.'],
    [{ error: { message: 'Dead.', type: 'InternalServerError', code: 500 } }, 'failed', 'Dead.'],
    [{ error: { message: 'Slow.', code: '429' } }, 'rate_limited', 'Slow.'],
    [{ error: { message: 'Odd.', code: 3001 } }, 'failed', 'Odd.'],
    [{ error: 'slot is gone' }, 'failed', 'slot is gone'],
    [{ object: 'error', message: 'Old.', code: 500 }, 'failed', 'Old.'],
    ['no JSON', 'failed', 'no JSON'],
    [{}, 'failed', 'The model server reported an error in the stream.'],
  ])('reads %j', (frame, kind, message) => {
    expect(mapErrorFrame(frame)).toMatchObject({ kind, message });
  });
});

import { BadRequestException, ForbiddenException, Logger, NotFoundException, type ArgumentsHost } from '@nestjs/common';
import { jest } from '@jest/globals';
import { PublicError } from '@libs/kernel';
import { ModelError, type ModelErrorKind } from '@libs/llm';
import { notFound, WireError } from '@libs/openai-wire';
import { SandboxError } from '@libs/sandbox';
import { DetailError } from './detail-error.js';
import { ErrorFilter, toWireError } from './error.filter.js';

const REQUEST = { method: 'GET', path: '/v1/things' };
const SORRY = 'The server had an error while processing your request. Sorry about that!';
const marked = (marks: object): Error => Object.assign(new Error('internal words'), marks);

describe('what was thrown and what is told', () => {
  test.each<[string, unknown, number, string | null, string | null]>([
    ['a wire error', notFound('assistant', 'asst_x'), 404, null, "No assistant found with id 'asst_x'."],
    ['a detail error', new DetailError(409, 'Taken.'), 409, null, 'Taken.'],
    ['an unknown route', new NotFoundException(), 404, 'unknown_url', 'Invalid URL (GET /v1/things)'],
    ['a refusal by Nest', new ForbiddenException('no'), 403, null, 'no'],
    ['JSON that is none', new BadRequestException('Unexpected token } in JSON at 3'), 400, null, null],
    ['JSON that is none, by its mark', marked({ type: 'entity.parse.failed' }), 400, null, null],
    [
      'too large a body, wrapped by Nest',
      new BadRequestException('x', { cause: marked({ type: 'entity.too.large' }) }),
      413,
      'request_too_large',
      null,
    ],
    ['too large a body', marked({ type: 'entity.too.large' }), 413, 'request_too_large', null],
    ['a foreign encoding', marked({ type: 'encoding.unsupported' }), 415, null, null],
    ['a foreign character set', marked({ type: 'charset.unsupported' }), 415, null, null],
    ['half a body', marked({ type: 'request.aborted' }), 400, null, 'The request body did not arrive whole.'],
    ['a body of another size', marked({ type: 'request.size.invalid' }), 400, null, null],
    ['a URL that cannot be read', new URIError('bad'), 400, null, 'The URL is not valid.'],
    ['a header that cannot be sent', marked({ code: 'ERR_INVALID_CHAR' }), 400, null, null],
    ['a sandbox that is missing', new SandboxError('No sandbox.'), 503, 'sandbox_unavailable', 'No sandbox.'],
    ['a failure that users may know', new PublicError('The server X is away.'), 500, null, 'The server X is away.'],
    ['an error of the program', marked({}), 500, null, SORRY],
    ['an error of the database', marked({ code: '23505' }), 500, null, SORRY],
    ['a text', 'internal words', 500, null, SORRY],
    ['nothing', undefined, 500, null, SORRY],
  ])('%s', (_, error, status, code, message) => {
    const told = toWireError(error, REQUEST);
    expect(told).toMatchObject({ status, code });
    if (message !== null) expect(told.message).toBe(message);
    expect(told.message).not.toContain('internal words');
    expect(told.type).toBe(status >= 500 ? 'server_error' : 'invalid_request_error');
  });
});

describe('errors of model servers', () => {
  test.each<[ModelErrorKind, ConstructorParameters<typeof ModelError>[2], number, string | null]>([
    ['model_not_found', {}, 404, 'model_not_found'],
    ['rejected', { status: 422, code: 'odd', param: 'messages' }, 422, 'odd'],
    ['rejected', {}, 400, null],
    ['rejected', { status: 401 }, 502, 'model_server_error'],
    ['rejected', { status: 403 }, 502, 'model_server_error'],
    ['rate_limited', { status: 429 }, 429, 'rate_limit_exceeded'],
    ['unavailable', {}, 503, 'model_server_unavailable'],
    ['timeout', {}, 504, 'model_server_timeout'],
    ['failed', { status: 500 }, 502, 'model_server_error'],
    ['aborted', {}, 502, 'model_server_error'],
  ])('%s %j is %d %s', (kind, details, status, code) => {
    const told = toWireError(new ModelError(kind, 'its words', details), REQUEST);
    expect(told).toMatchObject({ status, code });
    expect(told.message).toContain('its words');
  });

  test('the time to wait is told in whole seconds, rounded up', () => {
    const told = toWireError(new ModelError('rate_limited', 'x', { retryAfterMs: 1200 }), REQUEST);
    expect(told.headers).toEqual({ 'retry-after': '2' });
  });
});

describe('the answer', () => {
  const answerTo = (error: unknown, path: string, headersSent = false, destroyed = false) => {
    const response = {
      headersSent,
      destroyed,
      destroy: jest.fn(),
      json: jest.fn(),
      status: jest.fn(() => response),
      set: jest.fn(() => response),
    };
    const http = { getRequest: () => ({ method: 'GET', path }), getResponse: () => response };
    new ErrorFilter().catch(error, { switchToHttp: () => http } as unknown as ArgumentsHost);
    return response;
  };
  const log = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  beforeEach(() => log.mockClear());

  test("under /v1 is the envelope, all four keys, with the error's headers", () => {
    const error = new WireError(429, 'Slow down.', { headers: { 'retry-after': '1' } });
    const response = answerTo(error, '/v1/x');
    expect(response.status).toHaveBeenCalledWith(429);
    expect(response.set).toHaveBeenCalledWith({ 'retry-after': '1' });
    expect(response.json).toHaveBeenCalledWith({
      error: { message: 'Slow down.', type: 'invalid_request_error', param: null, code: null },
    });
    expect(log).not.toHaveBeenCalled();
  });

  test.each([
    ['/api/auth/login', { detail: 'Wrong.' }],
    ['/apix', expect.objectContaining({ error: expect.anything() })],
  ])('at %s is %j', (path, body) => {
    expect(answerTo(new DetailError(401, 'Wrong.'), path).json).toHaveBeenCalledWith(body);
  });

  test("what is the server's fault is logged with its stack", () => {
    answerTo(new Error('internal words'), '/v1/x');
    expect(log).toHaveBeenCalledWith(expect.stringContaining('internal words'));
  });

  test('a call that ended because its client left is neither told nor logged', () => {
    const aborted = new ModelError('aborted', 'The model call was aborted.');
    const response = answerTo(aborted, '/v1/x', false, true);
    expect(response.json).not.toHaveBeenCalled();
    expect(log).not.toHaveBeenCalled();
    answerTo(aborted, '/v1/x');
    expect(log).toHaveBeenCalledTimes(1);
  });

  test('an answer that has begun is cut off', () => {
    const response = answerTo(new Error('x'), '/v1/x', true);
    expect(response.destroy).toHaveBeenCalled();
    expect(response.json).not.toHaveBeenCalled();
  });
});

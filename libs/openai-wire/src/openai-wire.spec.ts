import {
  DONE_EVENT,
  encodeServerSentEvent,
  fileNotFound,
  forbidden,
  invalidRequest,
  KEEP_ALIVE_COMMENT,
  modelNotFound,
  notFound,
  toWireList,
  unauthenticated,
  WireError,
} from './index.js';

describe('errors', () => {
  const invalid = 'invalid_request_error';
  test.each<[WireError, number, WireError['type'], string, string | null, string | null]>([
    [invalidRequest('No.'), 400, invalid, 'No.', null, null],
    [invalidRequest('No.', 'a.b', 'c'), 400, invalid, 'No.', 'a.b', 'c'],
    [notFound('assistant', 'asst_x'), 404, invalid, "No assistant found with id 'asst_x'.", null, null],
    [fileNotFound('file-x'), 404, invalid, 'No such File object: file-x', 'id', null],
    [modelNotFound('m'), 404, invalid, "The model 'm' does not exist", 'model', 'model_not_found'],
    [unauthenticated('Who?'), 401, invalid, 'Who?', null, 'invalid_api_key'],
    [forbidden('No.'), 403, 'insufficient_permissions', 'No.', null, 'insufficient_permissions'],
    [new WireError(500, 'Oh.'), 500, 'server_error', 'Oh.', null, null],
    [new WireError(503, 'Oh.', { type: 'mine' }), 503, 'mine', 'Oh.', null, null],
  ])('%s', (error, status, type, message, param, code) => {
    expect(error.status).toBe(status);
    expect(error).toBeInstanceOf(Error);
    expect(JSON.parse(JSON.stringify(error.toBody()))).toEqual({ error: { message, type, param, code } });
  });

  test('only a missing credential asks for one', () => {
    expect(unauthenticated('x').headers).toEqual({ 'www-authenticate': 'Bearer' });
    expect(forbidden('x').headers).toEqual({});
  });
});

describe('server-sent events', () => {
  test.each([
    [{ data: '{}' }, 'data: {}\n\n'],
    [{ event: 'a', data: '{}' }, 'event: a\ndata: {}\n\n'],
    [{ id: '7', event: 'a', data: '{}' }, 'id: 7\nevent: a\ndata: {}\n\n'],
    [DONE_EVENT, 'event: done\ndata: [DONE]\n\n'],
  ])('%j', (event, frame) => {
    expect(encodeServerSentEvent(event)).toBe(frame);
  });

  test('a comment is one', () => {
    expect(KEEP_ALIVE_COMMENT).toMatch(/^:.*\n\n$/);
  });
});

describe('lists', () => {
  test.each([
    [[], false, null, null],
    [['a'], false, 'a', 'a'],
    [['a', 'b', 'c'], true, 'a', 'c'],
  ])('%j', (ids, hasMore, first_id, last_id) => {
    const data = ids.map((id) => ({ id }));
    expect(toWireList(data, hasMore)).toEqual({ object: 'list', data, first_id, last_id, has_more: hasMore });
  });
});

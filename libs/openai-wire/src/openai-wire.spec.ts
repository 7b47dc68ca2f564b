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
  toWireTool,
  type AssistantTool,
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

describe('tools', () => {
  const RANKING = { ranker: 'default_2024_08_21', score_threshold: 0, hybrid_search: null };
  const hybrid_search = { embedding_weight: 1, text_weight: 2 };
  test.each<[AssistantTool, object]>([
    [{ type: 'code_interpreter' }, { type: 'code_interpreter' }],
    [{ type: 'file_search' }, { type: 'file_search', file_search: { ranking_options: RANKING } }],
    [
      { type: 'file_search', file_search: { max_num_results: 3, ranking_options: { ranker: 'auto', hybrid_search } } },
      {
        type: 'file_search',
        file_search: { max_num_results: 3, ranking_options: { ...RANKING, ranker: 'auto', hybrid_search } },
      },
    ],
    [
      { type: 'file_search', file_search: { grounded: true, ranking_options: { score_threshold: 0.5 } } },
      { type: 'file_search', file_search: { grounded: true, ranking_options: { ...RANKING, score_threshold: 0.5 } } },
    ],
    [{ type: 'built_in', name: 'calculator', options: {} }, { type: 'calculator' }],
  ])('%j', (tool, wire) => expect(toWireTool(tool)).toEqual(wire));
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

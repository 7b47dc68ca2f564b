import { WireError } from '@libs/openai-wire';
import { readChatBody } from './chat-body.js';

const MESSAGES = [{ role: 'user', content: 'hi' }];

describe('what is read of a request', () => {
  test('a plain one is left as it is', () => {
    const body = { model: 'm', messages: MESSAGES, temperature: 0, unknown: { of: 'the server' } };
    expect(readChatBody(body)).toEqual({
      plain: body,
      model: 'm',
      stream: false,
      includeUsage: false,
      fileIds: [],
      attachedFiles: null,
      executeCode: undefined,
      tools: [],
      namesServerTools: false,
      store: null,
      extended: false,
    });
  });

  test('extensions are taken out, wherever they stand', () => {
    const read = readChatBody({
      model: 'm',
      messages: [
        { role: 'system', content: 's' },
        { ...MESSAGES[0], file_ids: ['f2', 'f1'] },
      ],
      file_ids: ['f1'],
      execute_code: true,
    });
    expect(read).toMatchObject({
      fileIds: ['f1', 'f2'],
      attachedFiles: ['f1'],
      executeCode: true,
      extended: true,
      plain: { model: 'm', messages: [{ role: 'system', content: 's' }, MESSAGES[0]] },
    });
    expect(JSON.stringify(read.plain)).not.toMatch(/file_ids|execute_code/);
  });

  test.each([
    [{ file_ids: [] }],
    [{ file_ids: null }],
    [{ execute_code: false }],
    [{ execute_code: null }],
    [{ tool_resources: null }],
    [{ session_id: 'sess_1' }],
    [{ session_id: null }],
    [{ messages: [{ ...MESSAGES[0], file_ids: [] }] }],
  ])('%j is an extension too: no model server may see it', (extension) => {
    const read = readChatBody({ messages: MESSAGES, ...extension });
    expect(read.extended).toBe(true);
    expect(JSON.stringify(read.plain)).not.toMatch(/file_ids|execute_code|tool_resources|session_id/);
  });

  test.each([
    [[{ type: 'function', function: { name: 'f' } }], false],
    [[{ type: 'custom', custom: { name: 'c' } }], false],
    [[null, 1, {}, { type: 1 }], false],
    ['f', false],
    [[{ type: 'function' }, { type: 'calculator' }], true],
    [[{ type: 'code_interpreter' }], true],
  ])('tools %j run here: %j', (tools, namesServerTools) => {
    const read = readChatBody({ messages: MESSAGES, tools });
    expect(read).toMatchObject({ namesServerTools, extended: namesServerTools });
  });

  test.each([
    [{ stream: true }, { stream: true, includeUsage: false }],
    [{ stream: null }, { stream: false }],
    [{ stream: true, stream_options: { include_usage: true } }, { includeUsage: true }],
    [{ stream: true, stream_options: { include_usage: false } }, { includeUsage: false }],
    [{ stream: true, stream_options: null }, { includeUsage: false }],
    [{ model: null }, { model: undefined }],
    [{ model: '' }, { model: undefined }],
  ])('%j', (more, read) => {
    expect(readChatBody({ messages: MESSAGES, ...more })).toMatchObject(read);
  });

  test('a hostile prototype changes nothing', () => {
    const body: unknown = JSON.parse(
      '{"messages":[{"role":"user","__proto__":{"file_ids":["f"]}}],"__proto__":{"x":1}}',
    );
    const read = readChatBody(body);
    expect(read.fileIds).toEqual([]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('what is refused', () => {
  test.each([
    [undefined, null, null],
    [null, null, null],
    ['text', null, null],
    [[], null, null],
    [{}, 'messages', 'missing_required_parameter'],
    [{ messages: 'hi' }, 'messages', 'invalid_type'],
    [{ messages: [] }, 'messages', 'empty_array'],
    [{ messages: [null] }, 'messages[0]', 'invalid_type'],
    [{ messages: [...MESSAGES, 'x'] }, 'messages[1]', 'invalid_type'],
    [{ messages: [{}] }, 'messages[0].role', 'missing_required_parameter'],
    [{ messages: MESSAGES, model: 1 }, 'model', 'invalid_type'],
    [{ messages: MESSAGES, stream: 'yes' }, 'stream', 'invalid_type'],
    [{ messages: MESSAGES, execute_code: 1 }, 'execute_code', 'invalid_type'],
    [{ messages: MESSAGES, file_ids: 'f' }, 'file_ids', 'invalid_type'],
    [{ messages: MESSAGES, file_ids: [1] }, 'file_ids', 'invalid_type'],
    [{ messages: MESSAGES, file_ids: [''] }, 'file_ids', 'invalid_type'],
    [{ messages: MESSAGES, session_id: 1 }, 'session_id', 'invalid_type'],
    [{ messages: MESSAGES, session_id: '' }, 'session_id', 'invalid_type'],
    [{ messages: MESSAGES, session_id: 'a\0' }, 'session_id', 'invalid_type'],
    [{ messages: MESSAGES, file_ids: ['a\0'] }, 'file_ids', 'invalid_type'],
    [{ messages: MESSAGES, file_ids: Array(501).fill('f') }, 'file_ids', 'invalid_type'],
    [{ messages: [{ role: 'user', file_ids: {} }] }, 'messages[0].file_ids', 'invalid_type'],
  ])('%#: param %j, code %j', (body, param, code) => {
    const refusal = (): unknown => readChatBody(body);
    expect(refusal).toThrow(WireError);
    expect(refusal).toThrow(expect.objectContaining({ status: 400, param, code }));
  });
});

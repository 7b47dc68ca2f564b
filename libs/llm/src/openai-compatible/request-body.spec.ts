import type { ChatRequest } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import { adaptTo, type Adaptations } from './request-adaptation.js';
import { toRequestBody } from './request-body.js';

const USUAL: Adaptations = {
  withoutStreamOptions: false,
  maxTokensField: 'max_tokens',
  roles: 'any',
  callsInText: false,
  shortCallIds: false,
};
const REQUEST: ChatRequest = { model: 'm', messages: [{ role: 'developer', content: 'Be brief.' }] };

describe('toRequestBody', () => {
  it('sends nothing that was not asked for', () => {
    expect(toRequestBody(REQUEST, { adaptations: USUAL, developerRole: true, namedToolChoice: true })).toEqual({
      model: 'm',
      messages: REQUEST.messages,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('sends all that was asked for', () => {
    const tool = { name: 'f', parameters: { type: 'object' } };
    const body = toRequestBody(
      {
        ...REQUEST,
        tools: [tool],
        toolChoice: 'required',
        parallelToolCalls: false,
        temperature: 0,
        topP: 0.5,
        maxTokens: 7,
        stop: ['X'],
        responseFormat: { type: 'json_object' },
        reasoningEffort: 'low',
      },
      {
        adaptations: {
          withoutStreamOptions: true,
          maxTokensField: 'max_completion_tokens',
          roles: 'any',
          callsInText: false,
          shortCallIds: false,
        },
        developerRole: false,
        namedToolChoice: true,
      },
    );
    expect(body).toEqual({
      model: 'm',
      messages: [{ role: 'system', content: 'Be brief.' }],
      tools: [{ type: 'function', function: tool }],
      tool_choice: 'required',
      parallel_tool_calls: false,
      temperature: 0,
      top_p: 0.5,
      max_completion_tokens: 7,
      stop: ['X'],
      response_format: { type: 'json_object' },
      reasoning_effort: 'low',
      stream: true,
    });
  });

  it('keeps the choice of tools to itself where there are none', () => {
    const body = toRequestBody(
      { ...REQUEST, tools: [], toolChoice: 'auto' },
      { adaptations: USUAL, developerRole: true, namedToolChoice: true },
    );
    expect(body).not.toHaveProperty('tool_choice');
    expect(body).not.toHaveProperty('tools');
  });

  it.each([
    ['good arguments as they are', '{ "a":1}', '{ "a":1}'],
    ['broken ones in a field', '{"a": "He said "no""', JSON.stringify({ arguments: '{"a": "He said "no""' })],
    ['a list in a field', '[1]', '{"arguments":"[1]"}'],
    ['none as an empty object', '', '{}'],
  ])('sends, of past calls, %s', (_title, given, expected) => {
    const call = { id: 'call_1', type: 'function' as const, function: { name: 'f', arguments: given } };
    const messages = [{ role: 'assistant' as const, content: null, tool_calls: [call] }];
    const body = toRequestBody(
      { model: 'm', messages },
      { adaptations: USUAL, developerRole: true, namedToolChoice: true },
    );
    expect(body['messages']).toEqual([
      { ...messages[0], tool_calls: [{ ...call, function: { name: 'f', arguments: expected } }] },
    ]);
  });

  it('shortens the ids of calls, where the template wants that, and results find their calls', () => {
    const call = (id: string): object => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
    const messages = [
      { role: 'assistant', content: null, tool_calls: [call('call_1'), call('chatcmpl-tool-2'), call('aB3dE6gH9')] },
      { role: 'tool', tool_call_id: 'chatcmpl-tool-2', content: 'two' },
      { role: 'tool', tool_call_id: 'aB3dE6gH9', content: 'three' },
    ] as ChatRequest['messages'];
    const options = { adaptations: { ...USUAL, shortCallIds: true }, developerRole: true, namedToolChoice: true };
    const body = toRequestBody({ model: 'm', messages }, options);
    const [said, two, three] = body['messages'] as [{ tool_calls: { id: string }[] }, object, object];
    const ids = said.tool_calls.map(({ id }) => id);
    expect(ids).toEqual([expect.stringMatching(/^[a-z0-9]{9}$/), expect.stringMatching(/^[a-z0-9]{9}$/), 'aB3dE6gH9']);
    expect(new Set(ids).size).toBe(3);
    expect([two, three]).toMatchObject([{ tool_call_id: ids[1] }, { tool_call_id: 'aB3dE6gH9' }]);
    expect(toRequestBody({ model: 'm', messages }, options)).toEqual(body);
  });

  it('tells of the tools and lets the server look for no calls, where it cannot', () => {
    const request = { ...REQUEST, tools: [{ name: 'a' }], toolChoice: 'required' as const };
    const adaptations = { ...USUAL, callsInText: true };
    const options = { adaptations, developerRole: true, namedToolChoice: true };
    expect(toRequestBody(request, options)).toMatchObject({ tools: [{}], tool_choice: 'none' });
    expect(toRequestBody(REQUEST, options)).not.toHaveProperty('tool_choice');
  });

  it.each([
    ['a function by name becomes the only one', 'b', [{ type: 'function', function: { name: 'b' } }], 'required'],
    [
      'one that is not there stays as it is',
      'c',
      [
        { type: 'function', function: { name: 'a' } },
        { type: 'function', function: { name: 'b' } },
      ],
      { type: 'function', function: { name: 'c' } },
    ],
  ])('where the server knows no names for tool_choice: %s', (_title, name, tools, choice) => {
    const toolChoice = { type: 'function' as const, function: { name } };
    const request = { ...REQUEST, tools: [{ name: 'a' }, { name: 'b' }], toolChoice };
    const body = toRequestBody(request, { adaptations: USUAL, developerRole: true, namedToolChoice: false });
    expect(body).toMatchObject({ tools, tool_choice: choice });
  });
});

describe('adaptTo', () => {
  const rejected = (message: string, param: string | null = null): ModelError =>
    new ModelError('rejected', message, { param });
  const LONG_IDS = 'Tool call IDs should be alphanumeric strings with length 9';
  const NO_PARSER = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set';
  const NEW_FIELD = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.";

  const ALTERNATE = 'Conversation roles must alternate user/assistant/user/assistant/... at row 11, column 9:';

  it.each<[string, ModelError, Adaptations, Adaptations | undefined]>([
    ['stream_options', rejected('unknown field stream_options'), USUAL, { ...USUAL, withoutStreamOptions: true }],
    ['stream_options by parameter', rejected('No.', 'stream_options'), USUAL, { ...USUAL, withoutStreamOptions: true }],
    ['max_tokens', rejected(NEW_FIELD), USUAL, { ...USUAL, maxTokensField: 'max_completion_tokens' }],
    ['any choice of tools', rejected(NO_PARSER), USUAL, { ...USUAL, callsInText: true }],
    ['none of them', rejected(NO_PARSER), { ...USUAL, callsInText: true }, undefined],
    ['ids by a template', rejected(`${LONG_IDS}!`), USUAL, { ...USUAL, shortCallIds: true }],
    ['ids by llama.cpp', new ModelError('failed', LONG_IDS), USUAL, { ...USUAL, shortCallIds: true }],
    [
      'ids by Mistral',
      rejected('Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9.'),
      USUAL,
      { ...USUAL, shortCallIds: true },
    ],
    ['short ids', rejected(LONG_IDS), { ...USUAL, shortCallIds: true }, undefined],
    ['the same again', rejected('stream_options'), { ...USUAL, withoutStreamOptions: true }, undefined],
    ['too large a limit', rejected('max_tokens is too large', 'max_tokens'), USUAL, undefined],
    ['another refusal', rejected('Context too long.'), USUAL, undefined],
    ['a failure', new ModelError('failed', 'stream_options'), USUAL, undefined],
    ['an order of roles', rejected(ALTERNATE), USUAL, { ...USUAL, roles: 'alternating' }],
    ['an order of roles, by llama.cpp', new ModelError('failed', ALTERNATE), USUAL, { ...USUAL, roles: 'alternating' }],
    [
      'an order of roles where they alternate',
      rejected(ALTERNATE),
      { ...USUAL, roles: 'alternating' },
      { ...USUAL, roles: 'without-system' },
    ],
    ['the system', rejected('System role not supported'), USUAL, { ...USUAL, roles: 'without-system' }],
    ['roles again', rejected(ALTERNATE), { ...USUAL, roles: 'without-system' }, undefined],
    ['roles, by a server that is busy', new ModelError('rate_limited', ALTERNATE), USUAL, undefined],
  ])('after a refusal of %s', (_title, error, current, expected) => {
    expect(adaptTo(error, current)).toEqual(expected);
  });
});

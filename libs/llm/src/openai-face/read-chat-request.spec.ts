import { ModelError } from '../ports/model-error.js';
import { readChatRequest } from './read-chat-request.js';

const MESSAGES = [{ role: 'user', content: 'Hi' }];
const read = (fields: object): ReturnType<typeof readChatRequest> =>
  readChatRequest({ model: 'm', messages: MESSAGES, ...fields });

function paramOf(body: unknown): unknown {
  try {
    readChatRequest(body);
  } catch (error) {
    if (error instanceof ModelError && error.kind === 'rejected') return error.details.param;
    throw error;
  }
  return undefined;
}

describe('readChatRequest', () => {
  const schema = { type: 'object' };
  const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
  const named = { type: 'function', function: { name: 'f' } };

  it.each<[object, object]>([
    [
      { temperature: 0, top_p: 1 },
      { temperature: 0, topP: 1 },
    ],
    [{ max_completion_tokens: 3, max_tokens: 4 }, { maxTokens: 3 }],
    [{ stop: 'x' }, { stop: ['x'] }],
    [{ stop: ['x', 1] }, { stop: ['x'] }],
    [{ tool_choice: 'required' }, { toolChoice: 'required' }],
    [{ tool_choice: named }, { toolChoice: named }],
    [{ response_format: { type: 'json_object' } }, { responseFormat: { type: 'json_object' } }],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'n', schema } } },
      { responseFormat: { type: 'json_schema', json_schema: { name: 'n', schema } } },
    ],
    [{ response_format: { type: 'json_schema', json_schema: {} } }, {}],
    [
      { seed: 7, top_k: 3, logit_bias: { 5: 1 }, presence_penalty: 1 },
      { extraBody: { seed: 7, top_k: 3, logit_bias: { 5: 1 }, presence_penalty: 1 } },
    ],
    [{ n: 1, logprobs: false, user: null, tool_choice: null, response_format: null }, { extraBody: {} }],
    [{ messages: [{ role: 'assistant', content: null, tool_calls: [call] }] }, {}],
    [{ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }, { role: 'assistant' }] }, {}],
  ])('%j', (fields, expected) => {
    expect(read(fields).request).toMatchObject(expected);
  });

  it.each<[object, string]>([
    [{ messages: 'Hi' }, 'messages'],
    [{ messages: [null] }, 'messages[0]'],
    [{ messages: [...MESSAGES, { role: 'user', content: 5 }] }, 'messages[1].content'],
    [{ messages: [{ role: 'user', content: { text: 'Hi' } }] }, 'messages[0].content'],
    [{ messages: [{ role: 'user', content: ['Hi'] }] }, 'messages[0].content'],
    [{ messages: [{ role: 'assistant', tool_calls: {} }] }, 'messages[0].tool_calls'],
    [{ messages: [{ role: 'assistant', tool_calls: [5] }] }, 'messages[0].tool_calls'],
    [{ n: 2 }, 'n'],
    [{ logprobs: true }, 'logprobs'],
    [{ tool_choice: 'always' }, 'tool_choice'],
    [{ tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } } }, 'tool_choice'],
    [{ tool_choice: { type: 'function' } }, 'tool_choice'],
    [{ response_format: 'json' }, 'response_format'],
    [{ response_format: { type: 'json_schema' } }, 'response_format'],
    [{ response_format: { type: 'json_schema', json_schema: null } }, 'response_format'],
    [{ response_format: { type: 'json_schema', json_schema: { schema: 'x' } } }, 'response_format'],
  ])('refuses %j', (fields, param) => {
    expect(paramOf({ model: 'm', messages: MESSAGES, ...fields })).toBe(param);
  });
});

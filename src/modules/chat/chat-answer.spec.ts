import { toChunk, toCompletion, toLastChunk, toUsageChunk } from './chat-answer.js';

const HEAD = { id: 'chatcmpl-1', created: 12, model: 'demo' };
const CHUNK = { ...HEAD, object: 'chat.completion.chunk' };
const FILES = [{ id: 'file-1', name: 'a.csv', url: 'http://x' }];
const USAGE = { promptTokens: 10, completionTokens: 5, cachedTokens: 4, reasoningTokens: 3 };
const WIRE_USAGE = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

test('a chunk bears one choice and no reason', () => {
  expect(toChunk(HEAD, { content: 'a' })).toEqual({
    ...CHUNK,
    choices: [{ index: 0, delta: { content: 'a' }, logprobs: null, finish_reason: null }],
  });
});

test('the last chunk bears the reason and the extensions', () => {
  expect(toLastChunk(HEAD, 'length', {})).toEqual({
    ...CHUNK,
    choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'length' }],
  });
  expect(toLastChunk(HEAD, 'stop', { generated_files: FILES, attached_files: ['file-0'] })).toEqual({
    ...CHUNK,
    choices: [{ index: 0, delta: { files: FILES }, logprobs: null, finish_reason: 'stop' }],
    generated_files: FILES,
    attached_files: ['file-0'],
  });
});

test('the chunk of the usage has no choices', () => {
  expect(toUsageChunk(HEAD, USAGE)).toEqual({ ...CHUNK, choices: [], usage: WIRE_USAGE });
});

test('a whole answer', () => {
  const end = { reason: 'stop' as const, usage: USAGE };
  const answer = toCompletion(HEAD, { role: 'assistant', content: 'a' }, { ...end, extensions: {} });
  expect(answer).toEqual({
    ...HEAD,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'a' }, logprobs: null, finish_reason: 'stop' }],
    usage: WIRE_USAGE,
  });
  const withFiles = toCompletion(HEAD, { role: 'assistant' }, { ...end, extensions: { generated_files: FILES } });
  expect(withFiles).toMatchObject({ generated_files: FILES, choices: [{ message: { files: FILES } }] });
});

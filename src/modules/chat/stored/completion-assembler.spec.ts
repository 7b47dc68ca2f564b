import { CompletionAssembler } from './completion-assembler.js';

type Chunk = Record<string, unknown>;

function assemble(chunks: readonly Chunk[]): Record<string, unknown> | undefined {
  const assembler = new CompletionAssembler();
  for (const chunk of chunks) assembler.add(chunk);
  return assembler.build();
}

const delta = (given: unknown, more: Chunk = {}, index = 0): Chunk => ({
  id: 'a',
  created: 1,
  model: 'm',
  choices: [{ index, delta: given, ...more }],
});
const stop = (reason = 'stop', index = 0): Chunk => delta({}, { finish_reason: reason }, index);
const choicesOf = (chunks: readonly Chunk[]): unknown => assemble(chunks)?.['choices'];
const messageOf = (chunks: readonly Chunk[]): unknown => (choicesOf(chunks) as { message: unknown }[])[0]?.message;

describe('CompletionAssembler', () => {
  it('joins texts, and what the model thought under the name it came with', () => {
    const chunks = [
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'Hm', reasoning: 'Hm' }),
      delta({ reasoning_content: '.', reasoning: '.' }),
      delta({ content: 'Yes' }),
      delta({ content: '.' }),
      stop(),
    ];
    expect(messageOf(chunks)).toEqual({
      role: 'assistant',
      content: 'Yes.',
      refusal: null,
      reasoning_content: 'Hm.',
      reasoning: 'Hm.',
    });
  });

  it('keeps a refusal', () => {
    expect(messageOf([delta({ refusal: 'I ' }), delta({ refusal: 'cannot.' }), stop()])).toEqual({
      role: 'assistant',
      content: '',
      refusal: 'I cannot.',
    });
  });

  it.each<[string, Chunk[]]>([
    [
      'in fragments',
      [
        delta({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
        delta({ tool_calls: [{ index: 1, id: 'call_2', function: { name: 'g', arguments: '{}' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
      ],
    ],
    [
      'with id and name in every fragment',
      [
        delta({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'f', arguments: '{"a":' } }] }),
        delta({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'f', arguments: '1}' } }] }),
        delta({ tool_calls: [{ index: 1, id: 'call_2', function: { name: 'g', arguments: '{}' } }] }),
      ],
    ],
  ])('joins tool calls that come %s', (_, chunks) => {
    expect(messageOf([...chunks, stop('tool_calls')])).toEqual({
      role: 'assistant',
      content: null,
      refusal: null,
      tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
        { id: 'call_2', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    });
  });

  it.each([
    ['at once', [[1, 2]]],
    ['one by one', [[1], null, [2]]],
    ['not as a list', ['x', { 0: 1 }]],
  ])('joins annotations that come %s', (_, lists) => {
    const chunks = [delta({ content: 'x' }), ...lists.map((annotations) => delta({ annotations })), stop()];
    const annotations = lists.some(Array.isArray) ? { annotations: [1, 2] } : {};
    expect(messageOf(chunks)).toEqual({ role: 'assistant', content: 'x', refusal: null, ...annotations });
  });

  it('keeps several choices apart, in their order', () => {
    const chunks = [delta({ content: 'B' }, {}, 1), delta({ content: 'A' }), stop('length', 1), stop()];
    expect(choicesOf(chunks)).toEqual([
      expect.objectContaining({ index: 0, finish_reason: 'stop', message: expect.objectContaining({ content: 'A' }) }),
      expect.objectContaining({
        index: 1,
        finish_reason: 'length',
        message: expect.objectContaining({ content: 'B' }),
      }),
    ]);
    expect(assemble(chunks.slice(0, 3))).toBeUndefined();
  });

  it('appends log probabilities', () => {
    const tokens = ['a', 'b'].map((token) => ({ token, logprob: -1, bytes: null, top_logprobs: [] }));
    const chunks = tokens.map((token) => delta({ content: token.token }, { logprobs: { content: [token] } }));
    expect(choicesOf([...chunks, stop()])).toEqual([
      expect.objectContaining({ logprobs: { content: tokens, refusal: null } }),
    ]);
  });

  it('takes usage and the like from whichever chunk has them', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    const last = { id: 'a', created: 1, model: 'm', choices: [], usage, system_fingerprint: 'fp' };
    expect(assemble([{ ...delta({ content: 'x' }), usage: null }, stop(), last])).toMatchObject({
      id: 'a',
      object: 'chat.completion',
      usage,
      system_fingerprint: 'fp',
    });
  });

  it.each<[string, unknown]>([
    ['choices that are no list', { choices: 'x' }],
    ['a choice that is no object', { choices: [null, 1] }],
    ['a delta that is no object', { choices: [{ delta: [] }] }],
    ['tool calls that are no calls', { choices: [{ delta: { tool_calls: [null, { function: 7 }] } }] }],
  ])('survives %s', (_, chunk) => {
    expect(assemble([chunk as Chunk])).toBeUndefined();
  });
});

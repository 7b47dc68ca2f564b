import type { ChatDelta } from '../ports/chat-model.js';
import { DeltaAssembler, toFinishReason } from './delta-assembler.js';

/** The deltas of one choice's contents, ended by the given reason. */
function assemble(contents: unknown[], reason = 'stop'): ChatDelta[] {
  const assembler = new DeltaAssembler();
  const chunks = contents.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] }));
  const end = { choices: [{ index: 0, delta: {}, finish_reason: reason }] };
  return [...[...chunks, end].flatMap((chunk) => assembler.push(chunk)), ...assembler.end()];
}

/** Calls as they come out: id, name and the arguments joined. */
function callsOf(deltas: ChatDelta[]): { id: string; name: string; arguments: string }[] {
  const calls: { id: string; name: string; arguments: string }[] = [];
  for (const delta of deltas) {
    if (delta.type === 'tool-call-start') calls[delta.index] = { id: delta.id, name: delta.name, arguments: '' };
    const call = delta.type === 'tool-call-arguments' ? calls[delta.index] : undefined;
    if (delta.type === 'tool-call-arguments' && call !== undefined) call.arguments += delta.fragment;
  }
  return calls;
}

const fragment = (toolCall: object): object => ({ tool_calls: [toolCall] });

describe('DeltaAssembler', () => {
  it('keeps the order of reasoning, text and refusal', () => {
    const deltas = assemble([
      { role: 'assistant', content: '' },
      { reasoning: 'Hm.' },
      { content: 'Yes' },
      { refusal: 'No' },
    ]);
    expect(deltas).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Yes' },
      { type: 'refusal', text: 'No' },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('takes reasoning once where a server sends it under both names', () => {
    const deltas = assemble([{ reasoning: 'Hm.', reasoning_content: 'Hm.' }]);
    expect(deltas.filter(({ type }) => type === 'reasoning')).toHaveLength(1);
  });

  it.each<[string, object[], { name: string; arguments: string; id?: string }[]]>([
    [
      'fragments of vLLM, two calls in turn',
      [
        fragment({ index: 0, id: 'a', type: 'function', function: { name: 'f' } }),
        fragment({ index: 0, function: { arguments: '{"x":' } }),
        fragment({ index: 0, function: { arguments: '1}' } }),
        fragment({ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } }),
        fragment({ index: 1, function: { arguments: '{}' } }),
      ],
      [
        { id: 'a', name: 'f', arguments: '{"x":1}' },
        { id: 'b', name: 'g', arguments: '{}' },
      ],
    ],
    [
      'interleaved fragments',
      [
        fragment({ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }),
        fragment({ index: 1, id: 'b', function: { name: 'g', arguments: '[' } }),
        fragment({ index: 0, function: { arguments: '}' } }),
        fragment({ index: 1, function: { arguments: ']' } }),
      ],
      [
        { id: 'a', name: 'f', arguments: '{}' },
        { id: 'b', name: 'g', arguments: '[]' },
      ],
    ],
    [
      'ids and names repeated in every fragment',
      [
        fragment({ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }),
        fragment({ index: 0, id: 'a', function: { name: 'f', arguments: '}' } }),
      ],
      [{ id: 'a', name: 'f', arguments: '{}' }],
    ],
    [
      'empty ids after the first fragment',
      [
        fragment({ index: 0, id: 'a', function: { name: 'f', arguments: '' } }),
        fragment({ index: 0, id: '', function: { name: null, arguments: '{}' } }),
      ],
      [{ id: 'a', name: 'f', arguments: '{}' }],
    ],
    [
      'parallel calls that share index 0',
      [
        fragment({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }),
        fragment({ index: 0, id: 'b', function: { name: 'f', arguments: '{"x":2}' } }),
      ],
      [
        { id: 'a', name: 'f', arguments: '{"x":1}' },
        { id: 'b', name: 'f', arguments: '{"x":2}' },
      ],
    ],
    [
      'no index at all',
      [
        fragment({ id: 'a', function: { name: 'f', arguments: '{' } }),
        fragment({ function: { arguments: '}' } }),
        fragment({ id: 'b', function: { name: 'g', arguments: '{}' } }),
      ],
      [
        { id: 'a', name: 'f', arguments: '{}' },
        { id: 'b', name: 'g', arguments: '{}' },
      ],
    ],
    [
      'arguments as an object',
      [fragment({ index: 0, id: 'a', function: { name: 'f', arguments: { x: [1] } } })],
      [{ id: 'a', name: 'f', arguments: '{"x":[1]}' }],
    ],
    [
      'arguments before the name',
      [
        fragment({ index: 0, id: 'a', function: { arguments: '{' } }),
        fragment({ index: 0, function: { name: 'f', arguments: '}' } }),
      ],
      [{ id: 'a', name: 'f', arguments: '{}' }],
    ],
    [
      'parallel calls that share index 0 and have no ids',
      [
        fragment({ index: 0, id: '', function: { name: 'f', arguments: '{"x":1}' } }),
        fragment({ index: 0, id: '', function: { name: 'f', arguments: '{"x":2}' } }),
        fragment({ index: 0, id: '', function: { name: 'g', arguments: '' } }),
      ],
      [
        { name: 'f', arguments: '{"x":1}' },
        { name: 'f', arguments: '{"x":2}' },
        { name: 'g', arguments: '' },
      ],
    ],
    [
      'parallel calls that share index and id',
      [
        fragment({ index: 0, id: '0', function: { name: 'f', arguments: '{"x":1}' } }),
        fragment({ index: 0, id: '0', function: { name: 'f', arguments: '{"x":2}' } }),
      ],
      [
        { id: '0', name: 'f', arguments: '{"x":1}' },
        { name: 'f', arguments: '{"x":2}' },
      ],
    ],
    [
      'names repeated in every fragment, without ids',
      [
        fragment({ index: 0, function: { name: 'f', arguments: '{"x":' } }),
        fragment({ index: 0, function: { name: 'f', arguments: '{"y":1}' } }),
        fragment({ index: 0, function: { name: 'f', arguments: '}' } }),
        fragment({ index: 0, function: { name: 'f', arguments: '' } }),
      ],
      [{ name: 'f', arguments: '{"x":{"y":1}}' }],
    ],
    [
      'one call by itself instead of a list, as text-generation-inference had it',
      [
        { tool_calls: { index: 0, id: '', type: 'function', function: { name: 'f', arguments: '{"x":' } } },
        { tool_calls: { index: 0, id: '', type: 'function', function: { name: null, arguments: '1}' } } },
      ],
      [{ name: 'f', arguments: '{"x":1}' }],
    ],
    [
      'a place that is filled later',
      [
        fragment({ index: 0, id: '', type: 'function', function: { name: '', arguments: '' } }),
        fragment({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
      ],
      [{ id: 'a', name: 'f', arguments: '{}' }],
    ],
    ['a place that is never filled', [fragment({ index: 0, id: '', function: { name: '', arguments: '' } })], []],
    [
      'a sparse index',
      [fragment({ index: 3, id: 'a', function: { name: 'f', arguments: '{}' } })],
      [{ id: 'a', name: 'f', arguments: '{}' }],
    ],
  ])('assembles %s', (_title, contents, expected) => {
    const calls = callsOf(assemble(contents, 'tool_calls'));
    expect(calls).toMatchObject(expected);
    expect(calls).toHaveLength(expected.length);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
  });

  it('makes ids where the server sends none', () => {
    const [call] = callsOf(assemble([fragment({ index: 0, function: { name: 'f', arguments: '{}' } })]));
    expect(call).toMatchObject({ name: 'f', id: expect.stringMatching(/^call_\w{24}$/) as string });
  });

  it('makes an id where the server gives one twice', () => {
    const calls = callsOf(
      assemble([
        fragment({ index: 0, id: 'call_0', function: { name: 'f', arguments: '{"x":' } }),
        fragment({ index: 0, id: 'call_0', function: { arguments: '1}' } }),
        fragment({ index: 1, id: 'call_0', function: { name: 'g', arguments: '{}' } }),
      ]),
    );
    expect(calls).toMatchObject([
      { id: 'call_0', arguments: '{"x":1}' },
      { name: 'g', arguments: '{}' },
    ]);
    expect(calls[1]?.id).not.toBe('call_0');
  });

  it('reads the legacy function_call', () => {
    const deltas = assemble(
      [{ function_call: { name: 'f', arguments: '' } }, { function_call: { arguments: '{}' } }],
      'function_call',
    );
    expect(callsOf(deltas)).toEqual([{ id: expect.any(String) as string, name: 'f', arguments: '{}' }]);
    expect(deltas.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls' });
  });

  it('refuses a call that never gets a name', () => {
    expect(() => assemble([fragment({ index: 0, id: 'a', function: { arguments: '{}' } })])).toThrow(/without a name/);
  });

  it('gives the last usage once, after the finish', () => {
    const assembler = new DeltaAssembler();
    const usage = { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 };
    const deltas = [
      ...assembler.push({ usage, choices: [{ delta: { content: 'a' } }] }),
      ...assembler.push({ choices: [{ delta: { content: 'b' }, finish_reason: 'length' }], usage: null }),
      ...assembler.push({
        choices: [],
        usage: {
          ...usage,
          completion_tokens: 2,
          prompt_tokens_details: { cached_tokens: 3 },
          completion_tokens_details: { reasoning_tokens: 1 },
        },
      }),
      ...assembler.end(),
    ];
    expect(deltas.slice(-2)).toEqual([
      { type: 'finish', reason: 'length' },
      { type: 'usage', usage: { promptTokens: 5, completionTokens: 2, cachedTokens: 3, reasoningTokens: 1 } },
    ]);
    expect(deltas).toHaveLength(4);
  });

  it('takes no place that was left empty for a call', () => {
    const deltas = assemble([{ content: 'Hi.' }, fragment({ index: 0, id: '', function: { arguments: '' } })]);
    expect(deltas).toEqual([
      { type: 'text', text: 'Hi.' },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it.each<[string, unknown, ChatDelta[]]>([
    [
      'texts and thoughts, as Mistral has them',
      [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
        { type: 'text', text: 'Yes' },
      ],
      [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: 'Yes' },
      ],
    ],
    ['thoughts as a text', [{ type: 'thinking', thinking: 'Hm.' }], [{ type: 'reasoning', text: 'Hm.' }]],
    ['a refusal', [{ type: 'refusal', refusal: 'No' }], [{ type: 'refusal', text: 'No' }]],
    ['plain texts', ['Yes'], [{ type: 'text', text: 'Yes' }]],
    ['what nobody can read', [{ type: 'reference', reference_ids: [1] }, null, 7], []],
  ])('reads content in parts: %s', (_title, content, expected) => {
    expect(assemble([{ content }])).toEqual([...expected, { type: 'finish', reason: 'stop' }]);
  });

  it('joins the halves of a character that were sent apart', () => {
    const deltas = assemble([
      { content: 'a\uD83D', reasoning: 'hm \uD83D' },
      { content: '\uDE00b', reasoning: '\uDE00' },
      { content: '\uD83D' },
      { content: '\uDE00' },
      { content: '\uD83D' },
    ]);
    expect(deltas.flatMap((delta) => ('text' in delta ? [[delta.type, delta.text]] : []))).toEqual([
      ['reasoning', 'hm '],
      ['text', 'a'],
      ['reasoning', '😀'],
      ['text', '😀b'],
      ['text', '😀'],
    ]);
  });

  it('loses nothing that follows a reason to end', () => {
    const assembler = new DeltaAssembler();
    const deltas = [
      ...assembler.push({ choices: [{ delta: { content: 'Wa' }, finish_reason: 'stop' }] }),
      ...assembler.push({ choices: [{ delta: { content: 'it.' }, finish_reason: 'stop' }] }),
      ...assembler.push({
        choices: [{ delta: fragment({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }) }],
      }),
      ...assembler.end(),
    ];
    expect(deltas.map((delta) => ('text' in delta ? delta.text : delta.type))).toEqual([
      'Wa',
      'it.',
      'tool-call-start',
      'tool-call-arguments',
      'finish',
    ]);
    expect(deltas.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls' });
  });

  it('tells a text once where the last chunk repeats the whole message', () => {
    const assembler = new DeltaAssembler();
    assembler.push({ choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] });
    expect(assembler.push({ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] })).toEqual([]);
  });

  it.each([
    ['a text', { content: 'a' }, 'stop'],
    ['a whole call', fragment({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }), 'tool_calls'],
  ])('takes a complete answer without a reason for ended: %s', (_title, delta, reason) => {
    const assembler = new DeltaAssembler();
    assembler.push({ choices: [{ delta, finish_reason: null }] });
    assembler.complete();
    expect(assembler.end()).toEqual([{ type: 'finish', reason }]);
  });

  it.each([
    ['nothing', {}],
    ['half a call', fragment({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } })],
  ])('does not take %s for a complete answer', (_title, delta) => {
    const assembler = new DeltaAssembler();
    assembler.push({ choices: [{ delta, finish_reason: null }] });
    assembler.complete();
    expect(() => assembler.end()).toThrow('closed the stream');
  });

  it.each(['error', 'abort'])('takes an answer that ends by %s for broken off', (reason) => {
    expect(() => assemble([{ content: 'Hal' }], reason)).toThrow(`broke the answer off (${reason})`);
  });

  it('throws at the end of an answer that did not finish', () => {
    const assembler = new DeltaAssembler();
    assembler.push({ choices: [{ delta: { content: 'a' }, finish_reason: null }] });
    expect(() => assembler.end()).toThrow('closed the stream before the answer was complete');
  });

  it.each([[null], ['text'], [[]], [{}], [{ choices: 'x' }], [{ choices: [null] }], [{ choices: [{ delta: 7 }] }]])(
    'passes over %j',
    (chunk) => {
      expect(new DeltaAssembler().push(chunk)).toEqual([]);
    },
  );

  it('takes an error in disguise for what it is', () => {
    expect(() => new DeltaAssembler().push({ error: { message: 'Out of memory', code: 500 } })).toThrow(
      'Out of memory',
    );
    expect(() => new DeltaAssembler().push({ object: 'error', message: 'Old shape' })).toThrow('Old shape');
    const choice = { delta: { content: '' }, finish_reason: 'error', error: { code: 502, message: 'Provider gone' } };
    expect(() => new DeltaAssembler().push({ choices: [choice] })).toThrow('Provider gone');
  });
});

describe('toFinishReason', () => {
  it.each([
    ['stop', false, 'stop'],
    ['stop', true, 'tool_calls'],
    ['length', true, 'length'],
    ['tool_calls', true, 'tool_calls'],
    ['function_call', true, 'tool_calls'],
    ['content_filter', false, 'content_filter'],
    ['eos', false, 'stop'],
  ])('%s with calls %p is %s', (reason, hasCalls, expected) => {
    expect(toFinishReason(reason, hasCalls)).toBe(expected);
  });
});

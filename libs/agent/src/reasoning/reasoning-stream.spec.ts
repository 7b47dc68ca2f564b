import { ReasoningStream, type Beginning } from './reasoning-stream.js';

function read(pieces: string[], begins?: Beginning): { reasoning: string; text: string } {
  const stream = new ReasoningStream(begins);
  const read = { reasoning: '', text: '' };
  for (const { type, text } of [...pieces.flatMap((piece) => stream.push(piece)), ...stream.end()]) read[type] += text;
  return read;
}

describe.each([
  ['Qwen, DeepSeek', '<think>\nhm\n</think>\n\nYes.', '\nhm\n', 'Yes.'],
  ['white space before', '\n <think>hm</think>Yes.', 'hm', 'Yes.'],
  ['an empty thought', '<think>\n\n</think>\n\nYes.', '\n\n', 'Yes.'],
  ['never closed', '<think>on and on', 'on and on', ''],
  ['closed in part', '<think>on </thi', 'on </thi', ''],
  ['twice', '<think>a</think>\n<think>b</think>c', 'ab', 'c'],
  ['Magistral', '[THINK]hm[/THINK]Yes.', 'hm', 'Yes.'],
  ['Command A', '<|START_THINKING|>hm<|END_THINKING|>Yes.', 'hm', 'Yes.'],
  ['gpt-oss', '<|channel|>analysis<|message|>hm<|end|>Yes.', 'hm', 'Yes.'],
  [
    'gpt-oss with its headers',
    '<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Yes.',
    'hm',
    'Yes.',
  ],
  ['gpt-oss that answers at once', '<|start|>assistant<|channel|>final<|message|>Yes.', '', 'Yes.'],
  ['Gemma 4', '<|channel>thought\nhm\n<channel|>Yes.', '\nhm\n', 'Yes.'],
  ['Apertus', '<|inner_prefix|>hm<|inner_suffix|>Yes.', 'hm', 'Yes.'],
  ['nothing but thoughts', '<think>hm</think>', 'hm', ''],
  ['white space behind', '<think>hm</think>\n', 'hm', ''],
  ['no thoughts', 'Yes.', '', 'Yes.'],
  ['only white space', ' \n', '', ' \n'],
  ['a beginning that is none', '<thin air>', '', '<thin air>'],
  ['markers that the text speaks of', 'Write <think>so</think>.', '', 'Write <think>so</think>.'],
  ['an end that the text speaks of', 'It ends by `</think>`.\nSo.', '', 'It ends by `</think>`.\nSo.'],
  ['an end without a beginning', 'hm\n</think>\n\nYes.', '', 'hm\nYes.'],
  ['a beginning of a marker', '<thi', '', '<thi'],
  ['nothing', '', '', ''],
])('%s', (_, written, reasoning, text) => {
  test('is told apart, however it is cut', () => {
    expect(read([written])).toEqual({ reasoning, text });
    expect(read([...written])).toEqual({ reasoning, text });
    for (let at = 1; at < written.length; at += 1) {
      expect(read([written.slice(0, at), written.slice(at)])).toEqual({ reasoning, text });
    }
  });
});

describe.each([
  ['are thoughts up to their end', 'hm, <b>\n</think>\n\nYes.', 'hm, <b>\n', 'Yes.'],
  ['are text without an end', 'Yes, at once.', '', 'Yes, at once.'],
  ['are told apart with a beginning, too', '<think>hm</think>Yes.', 'hm', 'Yes.'],
])('thoughts of a model that is known to begin them unseen', (title, written, reasoning, text) => {
  test(title, () => {
    expect(read([written], 'perhaps-thoughts')).toEqual({ reasoning, text });
    expect(read([...written], 'perhaps-thoughts')).toEqual({ reasoning, text });
  });
});

describe.each([
  ['are thoughts up to their end', 'hm, <b>\n</think>\n\nYes.', 'hm, <b>\n', 'Yes.'],
  ['are thoughts without an end', 'hm, so', 'hm, so', ''],
  ['are none where they end at once', '</think>Yes.', '', 'Yes.'],
  ['are told apart with a beginning, too', '<think>hm</think>Yes.', 'hm', 'Yes.'],
  ['end once', 'hm</think>Say </think>.', 'hm', 'Say </think>.'],
])('thoughts that the prompt opened', (title, written, reasoning, text) => {
  test(title, () => {
    expect(read([written], 'thoughts')).toEqual({ reasoning, text });
    expect(read([...written], 'thoughts')).toEqual({ reasoning, text });
  });
});

test('thoughts that the prompt opened are told as they come', () => {
  expect(new ReasoningStream('thoughts').push('Let me ')).toEqual([{ type: 'reasoning', text: 'Let me ' }]);
});

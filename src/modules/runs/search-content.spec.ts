import { withoutSearchContent } from './search-content.js';

const frame = (event: string, data: unknown) => ({ sequence: 3, event, data: JSON.stringify(data) });
const step = (results: object[]) => ({
  id: 'step_1',
  step_details: { type: 'tool_calls', tool_calls: [{ id: 'c', type: 'file_search', file_search: { results } }] },
});
const RESULT = { file_id: 'f', file_name: 'f.txt', score: 1 };

test('a step that searched loses what was found, and nothing else', () => {
  const told = frame('thread.run.step.completed', step([{ ...RESULT, content: [{ type: 'text', text: 'x' }] }]));
  expect(withoutSearchContent(told)).toEqual(frame('thread.run.step.completed', step([RESULT])));
});

test.each([
  frame('thread.run.step.delta', { delta: { step_details: { tool_calls: [{ type: 'file_search' }] } } }),
  frame('thread.run.completed', { tools: [{ type: 'file_search' }] }),
  frame('thread.run.step.created', { step_details: { type: 'message_creation' }, metadata: { a: '"file_search"' } }),
])('$event stays as it is', (told) => {
  expect(withoutSearchContent(told)).toBe(told);
});

import { repairArguments } from './repair-arguments.js';

describe.each([
  ['as they should be', '{"a": 1}', '{"a": 1}'],
  ['missing', '', '{}'],
  ['white space', ' \n', '{}'],
  ['a comma too many', '{"a": 1,}', '{"a": 1}'],
  ['no end', '{"a": {"b": "c', '{"a": {"b": "c"}}'],
  ["Python's quotes and constants", "{'a': True, 'b': None}", '{"a": true, "b": null}'],
  ['line feeds in strings', '{"a": "x\ny"}', '{"a": "x\\ny"}'],
  ['quotes in strings', '{"a": "say "hi" now"}', '{"a": "say \\"hi\\" now"}'],
  ['keys without quotes', '{a: 1}', '{"a": 1}'],
  ['JSON in a string', '"{\\"a\\": 1}"', '{"a": 1}'],
  ['a list', '[1]', null],
  ['a number', '7', null],
  ['null', 'null', null],
  ['words', 'no JSON at all', null],
])('arguments: %s', (_, written, repaired) => {
  test('are repaired, or given up', () => {
    expect(repairArguments(written, {})).toBe(repaired);
  });
});

test('a text of enormous length is not repaired', () => {
  expect(repairArguments(`{"a": "${'x'.repeat(300_000)}`, {})).toBeNull();
});

test.each([
  ['print(1)', '{"code":"print(1)"}'],
  ['x = {"a": 1}\nprint(x)', '{"code":"x = {\\"a\\": 1}\\nprint(x)"}'],
])('code without JSON around it is the code: %j', (written, repaired) => {
  expect(repairArguments(written, { shownArgument: 'code' })).toBe(repaired);
});

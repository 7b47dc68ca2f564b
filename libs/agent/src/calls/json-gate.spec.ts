import { JsonGate } from './json-gate.js';

/** What is shown, all pieces together: the same however the text is cut. */
function shown(text: string): string {
  const whole = new JsonGate().push(text);
  const gate = new JsonGate();
  expect([...text].map((character) => gate.push(character)).join('')).toBe(whole);
  return whole;
}

test.each([
  '{}',
  '{"a":1}',
  '{ "a" : [ 1 , -2.5e+3 , true , null , [ ] , { } ] , "b" : "c\\n\\u00e9\\"" }',
  '{"a":"x{[,"}',
  '{"half": "a va',
  '{"a": fal',
])('JSON, and its beginnings, are shown whole: %s', (text) => {
  expect(shown(text)).toBe(text);
});

test.each([
  ['{"a":1,}', '{"a":1'],
  ['{"a":1, }', '{"a":1'],
  ['{"a" 1}', '{"a"'],
  ["{'a':1}", '{'],
  ['{"a":True}', '{"a":'],
  ['{"a":"x\ny"}', '{"a":"x'],
  ['{"a":"\\q"}', '{"a":"\\'],
  ['{"a":1}}', '{"a":1}'],
  ['{"a":[1,]}', '{"a":[1'],
  ['{"a":]}', '{"a":'],
  ['{"a":}', '{"a":'],
  ['[1]', ''],
  ['print(1)', ''],
  ['{"a":1} {"b":2}', '{"a":1}'],
])('what comes behind a flaw is held: %s', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

import type { FunctionDefinition } from '@libs/llm';
import { argumentsProblem } from './check-arguments.js';

const WEATHER: FunctionDefinition = {
  name: 'get_weather',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer' } },
    required: ['city'],
    additionalProperties: false,
  },
};

test.each([
  ['{"city":"Oslo"}', null],
  ['{"city":"Oslo","days":null}', null],
  ['{"days":1}', "the object must have required property 'city'"],
  ['{"city":null}', '/city must be string'],
  ['{"city":"Oslo","days":"two"}', '/days must be integer'],
  ['{"city":"Oslo","place":1}', 'must NOT have additional properties: "place"'],
  ['[1]', 'They are no JSON object.'],
])('%s', (given, problem) => {
  const found = argumentsProblem(WEATHER, given);
  if (problem === null) expect(found).toBeNull();
  else expect(found).toContain(problem);
});

test.each<[string, Record<string, unknown> | undefined]>([
  ['none', undefined],
  ['one that is no schema', { type: 'nonsense' }],
  ['one that leads elsewhere', { $ref: 'http://127.0.0.1/schema' }],
  ['one that is too large', { type: 'object', description: 'x'.repeat(200_000), required: ['a'] }],
])('without a schema that can be used nothing is wrong: %s', (_, parameters) => {
  expect(argumentsProblem({ name: 'f', ...(parameters ? { parameters } : {}) }, '{"a":1}')).toBeNull();
});

test('a pattern that takes for ever stops nothing, and is tried once', () => {
  const parameters = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
  const definition = { name: 'f', parameters };
  const check = (): string | null => argumentsProblem(definition, JSON.stringify({ a: `${'a'.repeat(60)}!` }));
  const started = performance.now();
  for (let time = 0; time < 40; time += 1) expect(check()).toContain('checked');
  expect(performance.now() - started).toBeLessThan(5000);
});

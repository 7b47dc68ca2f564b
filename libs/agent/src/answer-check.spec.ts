import { describe, expect, it } from '@jest/globals';
import type { ResponseFormat } from '@libs/llm';
import { createAnswerCheck } from './answer-check.js';

const schemaFormat = (schema: Record<string, unknown>): ResponseFormat => ({
  type: 'json_schema',
  json_schema: { name: 'answer', schema },
});

const PERSON = schemaFormat({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name'],
  additionalProperties: false,
});

describe('createAnswerCheck', () => {
  it.each([undefined, { type: 'text' } as const])('checks nothing of texts', (format) => {
    expect(createAnswerCheck(format)).toBeUndefined();
  });

  it.each([
    [{ type: 'json_object' } as const, '{"a":1}', null],
    [{ type: 'json_object' } as const, 'Here it is: {}', /not valid JSON/],
    [PERSON, '{"name":"Ada","age":36}', null],
    [PERSON, '{"age":36}', /name/],
    [PERSON, '{"name":"Ada","age":"old"}', /\/age must be integer/],
    [PERSON, '{"name":"Ada","x":1}', /additional properties/],
    [PERSON, '', /not valid JSON/],
    [{ type: 'json_schema', json_schema: { name: 'any' } } as const, '[]', null],
  ])('%# of %j', (format, text, problem) => {
    const found = createAnswerCheck(format)?.(text);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
  });

  it('says that a schema cannot be used', () => {
    expect(() => createAnswerCheck(schemaFormat({ $ref: 'https://example.com/schema.json' }))).toThrow(
      /cannot be used/,
    );
  });

  it('ends a pattern that never ends', () => {
    const check = createAnswerCheck(schemaFormat({ type: 'string', pattern: '^(a+)+$' }));
    expect(check?.(JSON.stringify(`${'a'.repeat(40)}!`))).toMatch(/could not be checked/);
  });
});

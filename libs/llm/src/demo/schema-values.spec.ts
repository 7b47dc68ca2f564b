import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { valueForSchema } from './schema-values.js';
import { readHints } from './text-hints.js';

const NODE = {
  type: 'object',
  properties: { value: { type: 'integer' }, next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
  required: ['value', 'next'],
  additionalProperties: false,
};

const SCHEMAS: [string, object][] = [
  ['strings', { type: 'string' }],
  ['lengths', { type: 'string', minLength: 12, maxLength: 14 }],
  ['a short string', { type: 'string', maxLength: 1 }],
  ['a pattern', { type: 'string', pattern: '^[A-Z]\\d$' }],
  ['a pattern of a date', { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }],
  ...['date', 'date-time', 'time', 'email', 'uri', 'uuid', 'ipv4', 'ipv6', 'hostname', 'duration'].map(
    (format): [string, object] => [`the format ${format}`, { type: 'string', format }],
  ),
  ['an enumeration', { enum: ['red', 'green', 3] }],
  ['a constant', { const: { a: [1] } }],
  ['an integer', { type: 'integer', minimum: 10, maximum: 12 }],
  ['an integer below zero', { type: 'integer', maximum: -3 }],
  ['exclusive bounds', { type: 'integer', exclusiveMinimum: 4, exclusiveMaximum: 6 }],
  ['a narrow number', { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.5 }],
  ['multiples', { type: 'integer', multipleOf: 7, minimum: 15 }],
  ['multiples below a bound', { type: 'integer', multipleOf: 5, maximum: 4 }],
  ['booleans and null', { type: 'object', properties: { a: { type: 'boolean' }, b: { type: 'null' } } }],
  ['a nullable type', { type: ['null', 'integer'] }],
  ['arrays', { type: 'array', items: { type: 'number' }, minItems: 3 }],
  ['an empty array', { type: 'array', items: { type: 'number' }, maxItems: 0 }],
  ['tuples', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 }],
  ['items without type', { items: { type: 'integer' } }],
  ['properties without type', { properties: { a: { type: 'integer' } }, required: ['a'] }],
  ['required without properties', { type: 'object', required: ['a', 'b'] }],
  [
    'nesting',
    {
      type: 'object',
      properties: {
        people: {
          type: 'array',
          items: {
            type: 'object',
            properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 18 } },
            required: ['name', 'age'],
            additionalProperties: false,
          },
        },
      },
      required: ['people'],
      additionalProperties: false,
    },
  ],
  [
    'alternatives',
    { anyOf: [{ type: 'null' }, { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }] },
  ],
  ['exactly one', { oneOf: [{ type: 'integer' }, { type: 'string' }] }],
  [
    'parts',
    {
      allOf: [
        { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
        { properties: { b: { type: 'string' } }, required: ['b'] },
      ],
    },
  ],
  [
    'references',
    {
      $defs: { city: { type: 'string' } },
      type: 'object',
      properties: { c: { $ref: '#/$defs/city' } },
      required: ['c'],
    },
  ],
  ['a recursion that may end', { $defs: { node: NODE }, $ref: '#/$defs/node' }],
];

describe('valueForSchema', () => {
  const ajv = addFormats.default(new Ajv2020({ strict: false }));

  it.each(SCHEMAS)('makes a value that validates for %s', (_title, schema) => {
    for (const text of ['', 'Use "green" and 11, or 0.25 in New York.', 'x'.repeat(40)]) {
      const value = valueForSchema(schema, readHints(text));
      expect({ value, valid: ajv.validate(schema, value), errors: ajv.errorsText() }).toMatchObject({ valid: true });
      expect(valueForSchema(schema, readHints(text))).toEqual(value);
    }
  });

  it('takes what the text offers', () => {
    const schema = {
      type: 'object',
      properties: {
        city: { type: 'string' },
        other: { type: 'string' },
        days: { type: 'integer', minimum: 1 },
        unit: { enum: ['celsius', 'fahrenheit'] },
      },
      required: ['city', 'other', 'days', 'unit'],
    };
    const hints = readHints('What is the weather in New York and Paris for 3 days, in Fahrenheit?');
    expect(valueForSchema(schema, hints)).toEqual({ city: 'New York', other: 'Paris', days: 3, unit: 'fahrenheit' });
  });

  it('comes to an end for a recursion without end, and for a pattern that backtracks for ever', () => {
    const endless = {
      $defs: { n: { type: 'object', properties: { n: { $ref: '#/$defs/n' } }, required: ['n'] } },
      $ref: '#/$defs/n',
    };
    expect(valueForSchema(endless, readHints(''))).toBeDefined();
    const wide = Object.fromEntries('abcdefgh'.split('').map((name) => [name, { $ref: '#' }]));
    expect(
      valueForSchema({ type: 'object', properties: wide, required: Object.keys(wide) }, readHints('')),
    ).toBeDefined();
    expect(valueForSchema({ type: 'array', minItems: 1e9 }, readHints(''))).toHaveLength(1000);
    const evil = { type: 'string', pattern: '^(a+)+$' };
    expect(valueForSchema(evil, readHints(`"${'a'.repeat(60)}!"`))).toBe('a');
  });

  it.each([[undefined], [null], ['text'], [{ $ref: '#/nowhere/%zz' }], [{ $ref: '#' }], [{ type: 'unheard-of' }]])(
    'survives %j',
    (schema) => {
      expect(valueForSchema(schema, readHints(''))).toBeDefined();
    },
  );
});

describe('readHints', () => {
  it.each([
    ['Weather in "San José"?', ['San José']],
    ['Is it raining in Kuala Lumpur now?', ['Kuala Lumpur']],
    ['Nothing here', []],
    ["I don't think so, JSON please", []],
    ["Find 'blue whale' in Atlas", ['blue whale']],
  ])('finds the words of %j', (text, strings) => {
    expect(readHints(text).strings).toEqual(strings);
  });

  it.each([
    ['from 3 to -4.5', [3, -4.5]],
    ['v1.2.3 and x7', []],
  ])('finds the numbers of %j', (text, numbers) => {
    expect(readHints(text).numbers).toEqual(numbers);
  });
});

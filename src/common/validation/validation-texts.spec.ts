import { WireError } from '@libs/openai-wire';
import { Choice, createValidationPipe, Flag, ListQueryDto, Nest, NestList, Numeric, Text, TextList } from './index.js';

class InnerDto {
  @Text({ required: true, min: 2 })
  name: string;
}

class OuterDto {
  @Text({ min: 2, max: 4, pattern: /^[a-z]*$/ })
  text?: string | null;

  @Numeric({ integer: true, min: 1, max: 10 })
  whole?: number;

  @Numeric({ min: 0, max: 2 })
  decimal?: number;

  @Flag()
  flag?: boolean;

  @Choice(['a', 'b'])
  choice?: 'a' | 'b';

  @Choice(['only'])
  only?: 'only';

  @TextList({ min: 1, max: 2, each: { max: 3 } })
  list?: string[];

  @Nest(InnerDto)
  inner?: InnerDto;

  @NestList(InnerDto, { max: 2 })
  inners?: InnerDto[];
}

const pipe = createValidationPipe();
const take = (
  value: unknown,
  metatype: new () => object = OuterDto,
  type: 'body' | 'query' = 'body',
): Promise<unknown> => pipe.transform(value, { type, metatype });

async function refusalOf(value: unknown, metatype?: new () => object, type?: 'body' | 'query'): Promise<WireError> {
  const outcome: unknown = await take(value, metatype, type).catch((error: unknown) => error);
  if (!(outcome instanceof WireError)) throw new Error(`Not refused: ${JSON.stringify(outcome)}`);
  return outcome;
}

const type = (path: string, expected: string, got: string): string =>
  `Invalid type for '${path}': expected ${expected}, but got ${got} instead.`;

describe('the words for a wrong value', () => {
  test.each<[object, string, string, string]>([
    [{ text: 1 }, 'text', 'invalid_type', type('text', 'a string', 'an integer')],
    [{ text: 1.5 }, 'text', 'invalid_type', type('text', 'a string', 'a decimal number')],
    [{ text: true }, 'text', 'invalid_type', type('text', 'a string', 'a boolean')],
    [{ text: [] }, 'text', 'invalid_type', type('text', 'a string', 'an array')],
    [{ text: {} }, 'text', 'invalid_type', type('text', 'a string', 'an object')],
    [
      { text: 'abcde' },
      'text',
      'string_above_max_length',
      "Invalid 'text': string too long. Expected a string with maximum length 4, but got a string with length 5 instead.",
    ],
    [
      { text: 'a' },
      'text',
      'string_below_min_length',
      "Invalid 'text': string too short. Expected a string with minimum length 2, but got a string with length 1 instead.",
    ],
    [
      { text: 'ABC' },
      'text',
      'invalid_value',
      "Invalid 'text': string does not match pattern. Expected a string that matches the pattern '^[a-z]*$'.",
    ],
    [{ text: 'a\0' }, 'text', 'invalid_value', "Invalid 'text': the string contains a NUL character."],
    [{ text: 'a\ud800' }, 'text', 'invalid_value', "Invalid 'text': the string contains half of a surrogate pair."],
    [{ whole: '1' }, 'whole', 'invalid_type', type('whole', 'an integer', 'a string')],
    [{ whole: 1.5 }, 'whole', 'invalid_type', type('whole', 'an integer', 'a decimal number')],
    [
      { whole: 0 },
      'whole',
      'integer_below_min_value',
      "Invalid 'whole': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    ],
    [
      { whole: 11 },
      'whole',
      'integer_above_max_value',
      "Invalid 'whole': integer above maximum value. Expected a value <= 10, but got 11 instead.",
    ],
    [{ decimal: '1' }, 'decimal', 'invalid_type', type('decimal', 'a decimal number', 'a string')],
    [
      { decimal: 2.5 },
      'decimal',
      'decimal_above_max_value',
      "Invalid 'decimal': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
    ],
    [{ flag: 'true' }, 'flag', 'invalid_type', type('flag', 'a boolean', 'a string')],
    [{ choice: 'c' }, 'choice', 'invalid_value', "Invalid value: 'c'. Supported values are: 'a', 'b'."],
    [{ choice: 1 }, 'choice', 'invalid_type', type('choice', "one of 'a', 'b'", 'an integer')],
    [{ only: 'x' }, 'only', 'invalid_value', "Invalid value: 'x'. Value must be 'only'."],
    [{ list: 'a' }, 'list', 'invalid_type', type('list', 'an array', 'a string')],
    [
      { list: [] },
      'list',
      'array_below_min_length',
      "Invalid 'list': array too short. Expected an array with minimum length 1, but got an array with length 0 instead.",
    ],
    [
      { list: ['a', 'b', 'c'] },
      'list',
      'array_above_max_length',
      "Invalid 'list': array too long. Expected an array with maximum length 2, but got an array with length 3 instead.",
    ],
    [{ list: ['a', null] }, 'list[1]', 'invalid_type', type('list[1]', 'a string', 'null')],
    [{ inner: 1 }, 'inner', 'invalid_type', type('inner', 'an object', 'an integer')],
    [{ inner: [] }, 'inner', 'invalid_type', type('inner', 'an object', 'an array')],
    [{ inners: {} }, 'inners', 'invalid_type', type('inners', 'an array', 'an object')],
    [{ inners: [{ name: 'ok' }, null] }, 'inners[1]', 'invalid_type', type('inners[1]', 'an object', 'null')],
  ])('%j', async (value, param, code, message) => {
    const error = await refusalOf(value);
    expect({ status: error.status, ...error.toBody().error }).toEqual({
      status: 400,
      message,
      type: 'invalid_request_error',
      param,
      code,
    });
  });
});

describe('what is missing or too much', () => {
  test.each([
    [{ inner: {} }, 'inner.name', 'missing_required_parameter', "Missing required parameter: 'inner.name'."],
    [
      { inner: { name: null } },
      'inner.name',
      'missing_required_parameter',
      "Missing required parameter: 'inner.name'.",
    ],
    [
      { inners: [{ name: 'ok' }, {}] },
      'inners[1].name',
      'missing_required_parameter',
      "Missing required parameter: 'inners[1].name'.",
    ],
    [{ x: 1 }, 'x', 'unknown_parameter', "Unknown parameter: 'x'."],
    [{ inner: { name: 'ok', x: 1 } }, 'inner.x', 'unknown_parameter', "Unknown parameter: 'inner.x'."],
    [{ inners: [{ name: 'ok', x: 1 }] }, 'inners[0].x', 'unknown_parameter', "Unknown parameter: 'inners[0].x'."],
  ])('%j', async (value, param, code, message) => {
    expect(await refusalOf(value)).toMatchObject({ status: 400, param, code, message });
  });

  test('null counts as absent where nothing is required', async () => {
    const nothing = Object.fromEntries(
      ['text', 'whole', 'decimal', 'flag', 'choice', 'list', 'inner', 'inners'].map((name) => [name, null]),
    );
    expect(await take(nothing)).toEqual(nothing);
  });

  test.each([undefined, null, {}])('a body of %j is an empty one', async (body) => {
    expect(await take(body)).toEqual({});
  });
});

describe('words of the client are told as they are', () => {
  test.each(['$&', "$'", '$1', '$property', '$target', '$value', '$constraint1', 'a|b', '\u2028'])(
    '%j',
    async (word) => {
      expect((await refusalOf({ choice: word })).message).toContain(`'${word}'`);
      const unknown = await refusalOf({ inner: { name: 'ok', [word]: 1 } });
      expect(unknown).toMatchObject({ param: `inner.${word}`, message: `Unknown parameter: 'inner.${word}'.` });
    },
  );
});

describe('the query of a list', () => {
  test.each([
    [{}, {}],
    [{ limit: '5' }, { limit: 5 }],
    [
      { order: 'asc', after: 'a', before: 'b' },
      { order: 'asc', after: 'a', before: 'b' },
    ],
  ])('%j', async (query, read) => {
    expect(await take(query, ListQueryDto, 'query')).toEqual(read);
  });

  test.each([
    [{ limit: '0' }, 'limit', 'integer_below_min_value'],
    [{ limit: '101' }, 'limit', 'integer_above_max_value'],
    [{ limit: '-1' }, 'limit', 'integer_below_min_value'],
    [{ limit: '99999999999999999999' }, 'limit', 'integer_above_max_value'],
    [{ limit: '1e1' }, 'limit', 'invalid_type'],
    [{ limit: '' }, 'limit', 'invalid_type'],
    [{ limit: ['1', '2'] }, 'limit', 'invalid_type'],
    [{ order: 'up' }, 'order', 'invalid_value'],
    [{ after: 'a\0' }, 'after', 'invalid_value'],
    [{ after: 'a'.repeat(129) }, 'after', 'string_above_max_length'],
    [{ foo: '1' }, 'foo', 'unknown_parameter'],
  ])('%j is refused', async (query, param, code) => {
    expect(await refusalOf(query, ListQueryDto, 'query')).toMatchObject({ param, code });
  });
});

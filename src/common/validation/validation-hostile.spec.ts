import { WireError } from '@libs/openai-wire';
import { createValidationPipe, JsonObject, Metadata, Nest, NestList, Text } from './index.js';

class KindDto {
  @Text({ required: true })
  kind: string;
}

class NamedDto extends KindDto {
  @Text({ required: true })
  name: string;
}

const UNION = { base: KindDto, discriminator: { property: 'kind', subTypes: [{ name: 'named', value: NamedDto }] } };

class BodyDto {
  @Metadata()
  metadata?: Record<string, string> | null;

  @JsonObject()
  schema?: Record<string, unknown>;

  @NestList(UNION)
  list?: KindDto[];

  @Nest(UNION)
  one?: KindDto;
}

const pipe = createValidationPipe();
/** As it comes from the network: `__proto__` is a key like any other there. */
const take = (json: string): Promise<unknown> => pipe.transform(JSON.parse(json), { type: 'body', metatype: BodyDto });

async function refusalOf(json: string): Promise<WireError> {
  const outcome: unknown = await take(json).catch((error: unknown) => error);
  if (!(outcome instanceof WireError)) throw new Error(`Not refused: ${String(outcome)}`);
  return outcome;
}

const INBORN = Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__');

describe('keys that every object has by birth', () => {
  test.each(INBORN)("%s is kept where the content is the client's", async (key) => {
    const metadata = JSON.stringify({ [key]: 'x', other: 'y' });
    const schema = JSON.stringify({ properties: { [key]: { type: 'string' } }, list: [{ [key]: null }] });
    const body = (await take(`{"metadata":${metadata},"schema":${schema}}`)) as BodyDto;
    expect(JSON.stringify(body.metadata)).toBe(metadata);
    expect(JSON.stringify(body.schema)).toBe(schema);
  });

  test.each([...INBORN, '__proto__'])('%s is an unknown parameter of ours', async (key) => {
    expect(await refusalOf(`{"${key}":{"a":1}}`)).toMatchObject({ param: key, code: 'unknown_parameter' });
    expect(await refusalOf(`{"one":{"kind":"x","${key}":1}}`)).toMatchObject({ param: `one.${key}` });
  });

  test.each([
    ['{"metadata":{"__proto__":"x"}}', 'metadata.__proto__'],
    ['{"schema":{"__proto__":{"polluted":true}}}', 'schema'],
    ['{"schema":{"a":[{"__proto__":1}]}}', 'schema'],
  ])('%s is refused', async (json, param) => {
    const error = await refusalOf(json);
    expect(error).toMatchObject({ status: 400, param, code: 'invalid_value' });
    expect(error.message).toContain("the key '__proto__' is not allowed");
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('nesting', () => {
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  test.each([
    ['arrays', `{"schema":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`],
    ['objects', `{"schema":${nested(50_000)}}`],
    ['an unknown parameter', `{"x":${nested(50_000)}}`],
    ['metadata', `{"metadata":${nested(50_000)}}`],
  ])('beyond all measure: %s', async (_, json) => {
    expect(await refusalOf(json)).toMatchObject({ status: 400, message: 'The request is nested too deeply.' });
  });

  test('a schema may be deep, but not without end', async () => {
    expect(await take(`{"schema":${nested(60)}}`)).toEqual({ schema: JSON.parse(nested(60)) as unknown });
    expect(await refusalOf(`{"schema":${nested(80)}}`)).toMatchObject({ param: 'schema' });
  });
});

describe('unions', () => {
  test('become what their name says', async () => {
    const body = (await take('{"list":[{"kind":"named","name":"n"}],"one":{"kind":"named","name":"m"}}')) as BodyDto;
    expect(body.list?.[0]).toBeInstanceOf(NamedDto);
    expect(body.one).toBeInstanceOf(NamedDto);
    expect(body).toMatchObject({ list: [{ name: 'n' }], one: { name: 'm' } });
  });

  test.each([
    ['{"list":[null]}', 'list[0]'],
    ['{"list":[1]}', 'list[0]'],
    ['{"list":[[]]}', 'list[0]'],
    ['{"list":{}}', 'list'],
    ['{"list":"x"}', 'list'],
    ['{"one":[]}', 'one'],
    ['{"one":3}', 'one'],
    ['{"list":[{"kind":"named","name":"n"},{"kind":"named"}]}', 'list[1].name'],
    ['{"list":[{"kind":"other","name":"n"}]}', 'list[0].name'],
    ['{"list":[{"kind":{"a":1}}]}', 'list[0].kind'],
    ['{"list":[{}]}', 'list[0].kind'],
  ])('%s is refused at %s', async (json, param) => {
    expect(await refusalOf(json)).toMatchObject({ status: 400, param });
  });
});

describe('metadata', () => {
  const pairs = (count: number): string =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v'])));

  test('takes 16 pairs of 64 and 512 characters', async () => {
    await expect(take(`{"metadata":${pairs(16)}}`)).resolves.toBeDefined();
    const longest = JSON.stringify({ ['k'.repeat(64)]: 'v'.repeat(512) });
    await expect(take(`{"metadata":${longest}}`)).resolves.toBeDefined();
  });

  test.each([
    [pairs(17), 'metadata', 'object_above_max_properties'],
    ['[]', 'metadata', 'invalid_type'],
    ['"x"', 'metadata', 'invalid_type'],
    ['{"a":1}', 'metadata.a', 'invalid_type'],
    ['{"a":null}', 'metadata.a', 'invalid_type'],
    ['{"a":{}}', 'metadata.a', 'invalid_type'],
    [JSON.stringify({ a: 'v'.repeat(513) }), 'metadata.a', 'string_above_max_length'],
    [JSON.stringify({ ['k'.repeat(65)]: 'v' }), `metadata.${'k'.repeat(64)}`, 'string_above_max_length'],
    ['{"a":"\\u0000"}', 'metadata.a', 'invalid_value'],
    ['{"a":"\\ud800"}', 'metadata.a', 'invalid_value'],
  ])('%# is refused at %s: %s', async (metadata, param, code) => {
    expect(await refusalOf(`{"metadata":${metadata}}`)).toMatchObject({ param, code });
  });

  test('null stays null: it empties the map', async () => {
    expect(await take('{"metadata":null}')).toEqual({ metadata: null });
  });
});

test.each(['{"schema":{"a":"\\u0000"}}', '{"schema":{"a\\u0000":1}}', '{"schema":{"a":["\\udc00"]}}'])(
  '%s: texts that cannot be kept are refused, however deep',
  async (json) => {
    expect(await refusalOf(json)).toMatchObject({ param: 'schema', code: 'invalid_value' });
  },
);

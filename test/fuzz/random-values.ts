import type { Random } from './random.js';

/** The part of JSON schema that the product's own document uses. */
export interface Schema {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  enum?: unknown[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  pattern?: string;
  format?: string;
}

const WORDS = ['Hello.', 'user', 'a', 'größe', '日本語', '0', 'thread', 'x y', '{"a":1}', "'; DROP TABLE runs; --"];
const LONGEST_LIST = 3;
const DEEPEST = 6;

/** Values that some program somewhere sends by mistake, or on purpose. */
const HOSTILE: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  true,
  [],
  {},
  [null],
  [[[]]],
  'x'.repeat(300_000),
  'a\u0000b',
  '\ud800',
  '../../etc/passwd',
  '%00',
  '\u202e\u0301',
  { $ref: '#' },
  { toString: 1, constructor: null },
  Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, index])),
];

/** Makes values by a schema of the document: right ones, and such with one thing wrong in them. */
export class RandomValues {
  constructor(
    private readonly random: Random,
    private readonly schemas: Record<string, Schema>,
    /** A value for a property of this name, such as an id that is there. */
    private readonly known: (name: string) => unknown,
  ) {}

  valid(schema: Schema, name = '', depth = 0): unknown {
    const { random } = this;
    if (schema.$ref !== undefined) return this.valid(this.resolve(schema.$ref), name, depth);
    if (schema.nullable === true && random.chance(0.1)) return null;
    if (schema.allOf) return this.valid(random.pick(schema.allOf), name, depth);
    if (schema.oneOf) return this.valid(random.pick(schema.oneOf), name, depth);
    if (schema.enum) return random.pick(schema.enum);
    const known = this.known(name);
    if (known !== undefined && random.chance(0.8)) return known;
    switch (schema.type ?? 'string') {
      case 'object':
        return this.object(schema, depth);
      case 'array':
        return this.array(schema, name, depth);
      case 'integer':
        return random.integer(schema.minimum ?? 0, Math.min(schema.maximum ?? 1000, (schema.minimum ?? 0) + 1000));
      case 'number':
        return (schema.minimum ?? 0) + random.next() * ((schema.maximum ?? 1) - (schema.minimum ?? 0));
      case 'boolean':
        return random.chance(0.5);
      default:
        return this.text(schema);
    }
  }

  /** A valid value in which one place, at any depth, is something else. */
  invalid(schema: Schema): unknown {
    const value = this.valid(schema);
    return this.random.chance(0.15) ? this.hostile() : this.spoil(value);
  }

  hostile(): unknown {
    return this.random.pick(HOSTILE);
  }

  hostileText(): string {
    const value = this.hostile();
    return typeof value === 'string' ? value.slice(0, 500) : (JSON.stringify(value) ?? '').slice(0, 500);
  }

  private object({ properties = {}, required = [], additionalProperties }: Schema, depth: number): unknown {
    const entries = Object.entries(properties)
      .filter(([key]) => required.includes(key) || (depth < DEEPEST && this.random.chance(0.3)))
      .map(([key, schema]): [string, unknown] => [key, this.valid(schema, key, depth + 1)]);
    const isOpen = typeof additionalProperties === 'object' || additionalProperties === true;
    if (isOpen && this.random.chance(0.5)) entries.push([this.random.pick(WORDS), this.random.pick(WORDS)]);
    return Object.fromEntries(entries);
  }

  private array({ items = {}, minItems = 0 }: Schema, name: string, depth: number): unknown[] {
    const length = depth >= DEEPEST ? minItems : this.random.integer(minItems, Math.max(minItems, LONGEST_LIST));
    const singular = name.replace(/s$/, '');
    return Array.from({ length }, () => this.valid(items, singular, depth + 1));
  }

  private text({ minLength = 0, maxLength = 1000, pattern }: Schema): string {
    if (pattern?.includes('https?') === true) return 'https://example.com/a.png';
    if (pattern !== undefined && pattern.includes('0-9')) return 'abcdef0123456789abcdef0123456789'.slice(0, 32);
    return this.random.pick(WORDS).padEnd(minLength, 'x').slice(0, maxLength);
  }

  private spoil(value: unknown): unknown {
    if (Array.isArray(value) && value.length > 0 && this.random.chance(0.8)) {
      const place = this.random.integer(0, value.length - 1);
      return value.map((item: unknown, index) => (index === place ? this.spoil(item) : item));
    }
    if (typeof value !== 'object' || value === null || this.random.chance(0.1)) return this.hostile();
    const keys = Object.keys(value);
    if (keys.length === 0 || this.random.chance(0.2)) {
      return { ...value, [this.random.pick(['nonsense', '__proto__x', ''])]: 1 };
    }
    const key = this.random.pick(keys);
    if (this.random.chance(0.15)) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    return { ...value, [key]: this.spoil((value as Record<string, unknown>)[key]) };
  }

  private resolve(reference: string): Schema {
    const schema = this.schemas[reference.split('/').at(-1) ?? ''];
    if (!schema) throw new Error(`The document has no ${reference}.`);
    return schema;
  }
}

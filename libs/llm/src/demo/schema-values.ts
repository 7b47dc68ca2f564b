import { isObject, numberOf, textOf, type JsonObject } from '../json.js';
import { stringFor } from './schema-strings.js';
import type { TextHints } from './text-hints.js';

/** From here on optional things are left out and alternatives that end are preferred. */
const DEEPEST = 12;
/** Schemas may refer to themselves without end; what is beyond this many values becomes null. */
const MOST_VALUES = 5000;
const LONGEST_ARRAY = 1000;

/** Hints are used up from the front, so that two properties do not get the same word. */
interface Context {
  root: JsonObject;
  hints: TextHints;
  /** Values that may still be made. */
  left: number;
}

/** A value that validates against the JSON schema, the same one for the same schema and hints. */
export function valueForSchema(schema: unknown, hints: TextHints): unknown {
  const root = isObject(schema) ? schema : {};
  const own = { ...hints, strings: [...hints.strings], numbers: [...hints.numbers] };
  return generate(root, { root, hints: own, left: MOST_VALUES }, '', 0);
}

function generate(schema: unknown, context: Context, name: string, depth: number): unknown {
  context.left -= 1;
  if (context.left < 0 || depth > 8 * DEEPEST) return null;
  if (!isObject(schema)) return schema === false ? null : takeString({}, context, name);
  const { hints } = context;
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return chooseMember(schema['enum'], hints);
  const resolved = resolve(schema, context, depth);
  if (resolved !== schema) return generate(resolved, context, name, depth + 1);
  switch (typeOf(schema, depth)) {
    case 'object':
      return generateObject(schema, context, depth);
    case 'array':
      return generateArray(schema, context, name, depth);
    case 'integer':
      return generateNumber(schema, hints, true);
    case 'number':
      return generateNumber(schema, hints, false);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return takeString(schema, context, name);
  }
}

/** A schema with references followed, alternatives chosen and parts merged; the schema itself if there are none. */
function resolve(schema: JsonObject, { root }: Context, depth: number): unknown {
  const { $ref: reference, anyOf, oneOf, allOf, ...rest } = schema;
  if (typeof reference === 'string') return follow(root, reference);
  const alternatives: unknown = anyOf ?? oneOf;
  if (Array.isArray(alternatives) && alternatives.length > 0) {
    const chosen: unknown = depth > DEEPEST ? alternatives.find(isNull) : undefined;
    return merge(rest, chosen ?? alternatives.find((alternative) => !isNull(alternative)) ?? alternatives[0]);
  }
  return Array.isArray(allOf)
    ? allOf.reduce<unknown>((merged, part) => merge(merged, deref(root, part)), rest)
    : schema;
}

function deref(root: JsonObject, part: unknown): unknown {
  return isObject(part) && typeof part['$ref'] === 'string' ? follow(root, part['$ref']) : part;
}

/** A JSON pointer in the same document (`#/$defs/Name`); what cannot be found allows anything. */
function follow(root: JsonObject, reference: string): unknown {
  const steps = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  return steps.reduce<unknown>((value, step) => {
    const key = decodeStep(step).replaceAll('~1', '/').replaceAll('~0', '~');
    return isObject(value) ? (value[key] ?? {}) : {};
  }, root);
}

function decodeStep(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function merge(left: unknown, right: unknown): unknown {
  if (!isObject(left) || !isObject(right)) return isObject(right) ? right : left;
  const merged = { ...left, ...right };
  if (isObject(left['properties']) && isObject(right['properties'])) {
    merged['properties'] = { ...left['properties'], ...right['properties'] };
  }
  if (Array.isArray(left['required']) && Array.isArray(right['required'])) {
    merged['required'] = [...new Set<unknown>([left['required'], right['required']].flat())];
  }
  return merged;
}

function isNull(schema: unknown): boolean {
  return isObject(schema) && schema['type'] === 'null';
}

function typeOf(schema: JsonObject, depth: number): unknown {
  const { type } = schema;
  if (Array.isArray(type)) {
    if (depth > DEEPEST && type.includes('null')) return 'null';
    return type.find((option) => option !== 'null') ?? 'null';
  }
  if (type !== undefined) return type;
  if (isObject(schema['properties'])) return 'object';
  return schema['items'] === undefined ? 'string' : 'array';
}

/** What is required; everything where nothing is, for a schema without `required` is mostly a careless one. */
function generateObject(schema: JsonObject, context: Context, depth: number): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required'])
    ? schema['required'].filter((name) => typeof name === 'string')
    : [];
  const all = depth > DEEPEST / 2 ? [] : Object.keys(properties);
  const names = required.length > 0 ? required : all;
  return Object.fromEntries(names.map((name) => [name, generate(properties[name] ?? {}, context, name, depth + 1)]));
}

function generateArray(schema: JsonObject, context: Context, name: string, depth: number): unknown[] {
  const fewest = numberOf(schema['minItems']) ?? 0;
  const most = numberOf(schema['maxItems']) ?? Infinity;
  const wanted = Math.max(fewest, depth > DEEPEST ? 0 : 1);
  const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
  const length = Math.min(most, Math.max(wanted, prefix.length), LONGEST_ARRAY);
  return Array.from({ length }, (_, index) =>
    generate(prefix[index] ?? schema['items'] ?? {}, context, name, depth + 1),
  );
}

function chooseMember(members: readonly unknown[], hints: TextHints): unknown {
  const named = members.find((member) => typeof member === 'string' && hints.text.includes(member.toLowerCase()));
  return named ?? members[0];
}

function generateNumber(schema: JsonObject, hints: TextHints, isWhole: boolean): number {
  const step = numberOf(schema['multipleOf']) ?? (isWhole ? 1 : 0);
  const above = numberOf(schema['exclusiveMinimum']);
  const below = numberOf(schema['exclusiveMaximum']);
  const margin = step === 0 ? 1e-6 : step;
  const least = numberOf(schema['minimum']) ?? (above === undefined ? -Infinity : above + margin);
  const greatest = numberOf(schema['maximum']) ?? (below === undefined ? Infinity : below - margin);
  const fits = (value: number): boolean =>
    value >= least && value <= greatest && (step === 0 || Math.abs(value / step - Math.round(value / step)) < 1e-9);
  const found = hints.numbers.findIndex(fits);
  if (found >= 0) return hints.numbers.splice(found, 1)[0] ?? 0;
  const start = Math.min(Math.max(1, least), greatest);
  if (step === 0 || fits(start)) return start;
  const up = Math.ceil(start / step) * step;
  return up <= greatest ? up : Math.floor(start / step) * step;
}

function takeString(schema: JsonObject, { hints }: Context, name: string): string {
  return stringFor(
    {
      format: textOf(schema['format']),
      pattern: textOf(schema['pattern']),
      shortest: numberOf(schema['minLength']) ?? 0,
      longest: numberOf(schema['maxLength']) ?? Infinity,
    },
    hints.strings,
    name,
  );
}

import { inside, invalidType, type Check, type Problem } from './problem.js';

export interface TextRule {
  min?: number;
  max?: number;
  pattern?: RegExp;
}

/** Postgres' text and jsonb cannot keep NUL nor halves of surrogate pairs, so both are refused where they come in. */
const NUL = '\u0000';
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;

export function textProblem(value: unknown, rule: TextRule = {}): Problem | null {
  if (typeof value !== 'string') return invalidType('a string', value);
  const { min = 0, max = Infinity, pattern } = rule;
  if (value.length > max) return lengthProblem('string', 'long', 'maximum', max, value.length);
  if (value.length < min) return lengthProblem('string', 'short', 'minimum', min, value.length);
  if (value.includes(NUL)) {
    return { code: 'invalid_value', text: "Invalid '$path': the string contains a NUL character." };
  }
  if (UNPAIRED_SURROGATE.test(value)) {
    return { code: 'invalid_value', text: "Invalid '$path': the string contains half of a surrogate pair." };
  }
  if (pattern && !pattern.test(value)) {
    return {
      code: 'invalid_value',
      text: `Invalid '$path': string does not match pattern. Expected a string that matches the pattern '${pattern.source}'.`,
    };
  }
  return null;
}

function lengthProblem(
  what: 'string' | 'array',
  how: 'long' | 'short',
  bound: string,
  limit: number,
  got: number,
): Problem {
  const side = how === 'long' ? 'above_max' : 'below_min';
  const article = what === 'array' ? 'an array' : 'a string';
  return {
    code: `${what}_${side}_length`,
    text: `Invalid '$path': ${what} too ${how}. Expected ${article} with ${bound} length ${limit}, but got ${article} with length ${got} instead.`,
  };
}

export interface NumberRule {
  min?: number;
  max?: number;
  integer?: boolean;
}

export function numberProblem(value: unknown, rule: NumberRule = {}): Problem | null {
  const kind = rule.integer ? 'integer' : 'decimal';
  if (typeof value !== 'number' || !Number.isFinite(value) || (rule.integer && !Number.isInteger(value))) {
    return invalidType(rule.integer ? 'an integer' : 'a decimal number', value);
  }
  if (rule.min !== undefined && value < rule.min) {
    return boundProblem(kind, 'below_min', `below minimum value. Expected a value >= ${rule.min}`, value);
  }
  if (rule.max !== undefined && value > rule.max) {
    return boundProblem(kind, 'above_max', `above maximum value. Expected a value <= ${rule.max}`, value);
  }
  return null;
}

function boundProblem(kind: string, side: string, text: string, value: number): Problem {
  return { code: `${kind}_${side}_value`, text: `Invalid '$path': ${kind} ${text}, but got ${value} instead.` };
}

export function choiceProblem(value: unknown, choices: readonly unknown[]): Problem | null {
  if (choices.includes(value)) return null;
  if (typeof value !== 'string') return invalidType(`one of ${quoted(choices)}`, value);
  const supported = choices.length === 1 ? 'Value must be' : 'Supported values are:';
  return { code: 'invalid_value', text: `Invalid value: '${value.slice(0, 100)}'. ${supported} ${quoted(choices)}.` };
}

function quoted(choices: readonly unknown[]): string {
  return choices.map((choice) => `'${String(choice)}'`).join(', ');
}

export function flagProblem(value: unknown): Problem | null {
  return typeof value === 'boolean' ? null : invalidType('a boolean', value);
}

export function arrayProblem(value: unknown, rule: { min?: number; max?: number }, each?: Check): Problem | null {
  if (!Array.isArray(value)) return invalidType('an array', value);
  if (value.length > (rule.max ?? Infinity)) {
    return lengthProblem('array', 'long', 'maximum', rule.max ?? 0, value.length);
  }
  if (value.length < (rule.min ?? 0)) return lengthProblem('array', 'short', 'minimum', rule.min ?? 0, value.length);
  for (const [index, item] of value.entries()) {
    const problem = each?.(item);
    if (problem) return inside(`[${index}]`, problem);
  }
  return null;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `__proto__` is refused: code that copies objects key by key would take it for their prototype. */
export function keyProblem(key: string, rule: TextRule = {}): Problem | null {
  if (key !== '__proto__') return textProblem(key, rule);
  return { code: 'invalid_value', text: "Invalid '$path': the key '__proto__' is not allowed." };
}

const MOST_METADATA_PAIRS = 16;
const LONGEST_METADATA_KEY = 64;
const LONGEST_METADATA_VALUE = 512;

/** At most 16 pairs of a key of 64 and a string of 512 characters (openai-wire.md section 4.1). */
export function metadataProblem(value: unknown): Problem | null {
  if (!isPlainObject(value)) return invalidType('an object', value);
  const pairs = Object.entries(value);
  if (pairs.length > MOST_METADATA_PAIRS) {
    return {
      code: 'object_above_max_properties',
      text: `Invalid '$path': too many properties. Expected an object with at most ${MOST_METADATA_PAIRS} properties, but got an object with ${pairs.length} properties instead.`,
    };
  }
  for (const [key, item] of pairs) {
    const problem =
      keyProblem(key, { max: LONGEST_METADATA_KEY }) ?? textProblem(item, { max: LONGEST_METADATA_VALUE });
    if (problem) return inside(`.${key.slice(0, LONGEST_METADATA_KEY)}`, problem);
  }
  return null;
}

const DEEPEST_JSON = 64;

/** A JSON object of the client's own, such as a function's schema: bounded in depth, free of NUL. */
export function jsonObjectProblem(value: unknown): Problem | null {
  if (!isPlainObject(value)) return invalidType('an object', value);
  return jsonProblem(value, 0);
}

function jsonProblem(value: unknown, depth: number): Problem | null {
  if (depth > DEEPEST_JSON) return { code: 'invalid_value', text: "Invalid '$path': the object is nested too deeply." };
  if (typeof value === 'string') return textProblem(value);
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const problem = keyProblem(key) ?? jsonProblem(item, depth + 1);
    if (problem) return problem;
  }
  return null;
}

import type { FunctionDefinition } from '@libs/llm';
import { JsonSchema } from '../json-schema.js';
import { isObject, parseStrictly, type JsonObject } from '../written-calls/parse-leniently.js';

/** A larger schema is not compiled, and its calls not checked. */
const LARGEST_SCHEMA = 128 * 1024;

/** Null: a schema that cannot be used. The tool itself says what it makes of its arguments. */
const compiled = new WeakMap<FunctionDefinition, JsonSchema | null>();

/** What is wrong with the arguments by the function's schema; null if nothing is, or nobody can say. */
export function argumentsProblem(definition: FunctionDefinition, given: string): string | null {
  const value = parseStrictly(given);
  if (!isObject(value)) return 'They are no JSON object.';
  const schema = schemaOf(definition);
  return schema ? schema.problem(withoutNulls(value, definition), 'the object') : null;
}

function schemaOf(definition: FunctionDefinition): JsonSchema | null {
  const known = compiled.get(definition);
  if (known !== undefined) return known;
  const schema = compile(definition.parameters);
  compiled.set(definition, schema);
  return schema;
}

function compile(parameters: Record<string, unknown> | undefined): JsonSchema | null {
  if (!parameters || JSON.stringify(parameters).length > LARGEST_SCHEMA) return null;
  try {
    return new JsonSchema(parameters, { allProblems: true });
  } catch {
    return null;
  }
}

/** Models write null for what they leave out. */
function withoutNulls(value: JsonObject, { parameters }: FunctionDefinition): JsonObject {
  const required: unknown = parameters?.['required'];
  const isRequired = (key: string): boolean => Array.isArray(required) && required.includes(key);
  return Object.fromEntries(Object.entries(value).filter(([key, item]) => item !== null || isRequired(key)));
}

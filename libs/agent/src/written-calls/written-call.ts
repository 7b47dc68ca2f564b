import type { FunctionDefinition } from '@libs/llm';

/** A tool call that a model wrote as text. */
export interface WrittenCall {
  name: string;
  /** JSON of an object where all went well; else as the model wrote them. */
  arguments: string;
}

/** The functions that the model was told of, by name. */
export type KnownFunctions = ReadonlyMap<string, FunctionDefinition>;

/** Prefixes that models put before names: gpt-oss and Kimi the first, Gemma and Gemini the second. */
const NAMESPACE = /^(?:functions|default_api|tools)[.:]/;

/** The name as the function has it, where it has one: without namespace, and without Llama's `.call`. */
export function toKnownName(name: string, known: KnownFunctions): string {
  if (known.has(name)) return name;
  const bare = name.replace(NAMESPACE, '').replace(/\.call$/, '');
  return known.has(bare) ? bare : name;
}

/** The schema of one argument; undefined where there is none. */
export function argumentSchema(definition: FunctionDefinition | undefined, argument: string): unknown {
  const properties = definition?.parameters?.['properties'];
  return typeof properties === 'object' && properties !== null
    ? (properties as Record<string, unknown>)[argument]
    : undefined;
}

/** The arguments' names in the order of the schema. */
export function argumentNames(definition: FunctionDefinition | undefined): string[] {
  const properties = definition?.parameters?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

import { errorMessage, PublicError } from '@libs/kernel';
import type { ResponseFormat } from '@libs/llm';
import { JsonSchema } from './json-schema.js';

/** What is wrong with an answer, or null if it is of the form that was asked for. */
export type AnswerCheck = (text: string) => string | null;

/** The check that goes with a response format; undefined for texts. Throws for a schema that cannot be used. */
export function createAnswerCheck(format: ResponseFormat | undefined): AnswerCheck | undefined {
  if (!format || format.type === 'text') return undefined;
  const schema = format.type === 'json_schema' ? format.json_schema.schema : undefined;
  const compiled = schema && compile(schema);
  return (text) => {
    const parsed = parse(text);
    if (!parsed) return 'It is not valid JSON.';
    return compiled ? compiled.problem(parsed.value, 'the answer') : null;
  };
}

function compile(schema: Record<string, unknown>): JsonSchema {
  try {
    return new JsonSchema(schema);
  } catch (error) {
    throw new PublicError(`The JSON schema of the response format cannot be used: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

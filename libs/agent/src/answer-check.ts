import { runInNewContext } from 'node:vm';
import { errorMessage, PublicError } from '@libs/kernel';
import type { ResponseFormat } from '@libs/llm';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';

/** What is wrong with an answer, or null if it is of the form that was asked for. */
export type AnswerCheck = (text: string) => string | null;

/** The schema is a client's: a pattern in it must not stop the server. */
const PATIENCE_MS = 250;
const addFormats = addFormatsModule.default;

/** The check that goes with a response format; undefined for texts. Throws for a schema that cannot be used. */
export function createAnswerCheck(format: ResponseFormat | undefined): AnswerCheck | undefined {
  if (!format || format.type === 'text') return undefined;
  const schema = format.type === 'json_schema' ? format.json_schema.schema : undefined;
  const validate = schema && compile(schema);
  return (text) => {
    const parsed = parse(text);
    if (!parsed) return 'It is not valid JSON.';
    return validate ? schemaProblem(validate, parsed.value) : null;
  };
}

function compile({ $schema: _, ...schema }: Record<string, unknown>): ValidateFunction {
  const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: false });
  addFormats(ajv);
  try {
    return ajv.compile(schema);
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

function schemaProblem(validate: ValidateFunction, value: unknown): string | null {
  try {
    if (runInNewContext('validate(value)', { validate, value }, { timeout: PATIENCE_MS })) return null;
  } catch (error) {
    return `It could not be checked: ${errorMessage(error)}.`;
  }
  const [first] = validate.errors ?? [];
  return `It does not match the JSON schema: ${first?.instancePath || 'the answer'} ${first?.message ?? 'is invalid'}.`;
}

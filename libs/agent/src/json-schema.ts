import { runInNewContext } from 'node:vm';
import { errorMessage } from '@libs/kernel';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';

/** Schemas are clients': one that takes for ever, or a pattern in it that does, must not stop the server. */
const PATIENCE_MS = 250;
const MOST_PROBLEMS = 5;
const addFormats = addFormatsModule.default;

/** A compiled JSON schema. */
export class JsonSchema {
  private readonly validate: ValidateFunction;
  /** Why nothing is checked any more: it would cost its whole time again, on the thread that serves everybody. */
  private failure: string | null = null;

  /** Throws an Error for a schema that cannot be used. */
  constructor({ $schema: _, ...schema }: Record<string, unknown>, options: { allProblems?: boolean } = {}) {
    const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: options.allProblems ?? false });
    addFormats(ajv);
    this.validate = inTime(() => ajv.compile(schema));
  }

  /** What is wrong with the value, in words; null if nothing is. `subject`: how the whole value is called. */
  problem(value: unknown, subject: string): string | null {
    if (this.failure !== null) return this.failure;
    try {
      if (inTime(() => this.validate(value))) return null;
    } catch (error) {
      this.failure = `It could not be checked: ${errorMessage(error)}.`;
      return this.failure;
    }
    const problems = (this.validate.errors ?? []).slice(0, MOST_PROBLEMS);
    const told = problems.map(({ instancePath, message, params }) => {
      const extra: unknown = (params as Record<string, unknown>)['additionalProperty'];
      return `${instancePath || subject} ${message ?? 'is invalid'}${typeof extra === 'string' ? `: "${extra}"` : ''}`;
    });
    return `It does not match the JSON schema: ${told.join('; ') || `${subject} is invalid`}.`;
  }
}

function inTime<Result>(work: () => Result): Result {
  return runInNewContext('work()', { work }, { timeout: PATIENCE_MS }) as Result;
}

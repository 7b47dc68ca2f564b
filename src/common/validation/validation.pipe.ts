import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { invalidRequest, type WireError } from '@libs/openai-wire';
import type { ValidationError } from 'class-validator';
import { guardKeys, originalKey } from './guarded-keys.js';
import { decodeProblem, type Problem } from './problem.js';

class GuardedPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const isChecked = metadata.metatype !== undefined && this.toValidate(metadata);
    return super.transform(isChecked ? guardKeys(value) : value, metadata);
  }
}

/** The one pipe of all bodies and queries: unknown parameters are refused, problems are told in OpenAI's words. */
export function createValidationPipe(): ValidationPipe {
  return new GuardedPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false },
    exceptionFactory: (errors) => toWireError(errors),
  });
}

/** The first problem, outermost first, with its dotted path: `messages[0].content`. */
export function toWireError(errors: readonly ValidationError[]): WireError {
  const found = findProblem(errors, '');
  if (!found) return invalidRequest('The request is not valid.');
  const { path, code, text, place = '' } = found;
  return invalidRequest(
    text.replaceAll('$path', () => path),
    path + place,
    code,
  );
}

interface FoundProblem extends Problem {
  path: string;
}

/** Told first of several, so that a nested object's own problem wins over the note that it has one. */
const UNKNOWN_PARAMETER = 'whitelistValidation';
const OWN_CHECK = 'wire';

function findProblem(errors: readonly ValidationError[], prefix: string): FoundProblem | null {
  for (const error of errors) {
    const path = joinPath(prefix, originalKey(error.property));
    const constraints = error.constraints ?? {};
    if (constraints[UNKNOWN_PARAMETER] !== undefined) {
      return { path, code: 'unknown_parameter', text: "Unknown parameter: '$path'." };
    }
    const own = constraints[OWN_CHECK];
    if (own !== undefined) return { path, ...decodeProblem(own) };
    const inner = findProblem(error.children ?? [], path);
    if (inner) return inner;
    const other = Object.values(constraints)[0];
    if (other !== undefined) return { path, code: 'invalid_value', text: `Invalid '$path': ${other}.` };
  }
  return null;
}

function joinPath(prefix: string, property: string): string {
  if (prefix === '') return property;
  return /^\d+$/.test(property) ? `${prefix}[${property}]` : `${prefix}.${property}`;
}

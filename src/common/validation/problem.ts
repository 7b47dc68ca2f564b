/**
 * What is wrong with a value, in OpenAI's words (openai-wire.md section 4.3). `$path` stands for the
 * dotted path of the value, which only the pipe knows.
 */
export interface Problem {
  code: string;
  text: string;
}

/** Looks at a value that is there (never undefined or null). */
export type Check = (value: unknown) => Problem | null;

const CODE_SEPARATOR = '|';

/** class-validator carries problems as texts: the code goes in front. */
export function encodeProblem(problem: Problem): string {
  return problem.code + CODE_SEPARATOR + problem.text;
}

export function decodeProblem(text: string): Problem {
  const end = text.indexOf(CODE_SEPARATOR);
  return end < 0 ? { code: 'invalid_value', text } : { code: text.slice(0, end), text: text.slice(end + 1) };
}

export function invalidType(expected: string, value: unknown): Problem {
  return {
    code: 'invalid_type',
    text: `Invalid type for '$path': expected ${expected}, but got ${describe(value)} instead.`,
  };
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

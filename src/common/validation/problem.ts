/**
 * What is wrong with a value, in OpenAI's words (openai-wire.md section 4.3). `$path` stands for the
 * dotted path of the value, which only the pipe knows.
 */
export interface Problem {
  code: string;
  text: string;
  /** Where inside the value; absent: the value itself. */
  place?: string;
}

/** Looks at a value that is there (never undefined or null). */
export type Check = (value: unknown) => Problem | null;

/** The problem of something inside the value: an element, a property. `place` is such as `[0]` or `.name`. */
export function inside(place: string, problem: Problem): Problem {
  const text = problem.text.replaceAll('$path', () => `$path${place}`);
  return { code: problem.code, text, place: place + (problem.place ?? '') };
}

/**
 * class-validator carries problems as texts, in which it fills places such as `$property`: what a client wrote must not
 * look like one.
 */
export function encodeProblem(problem: Problem): string {
  return JSON.stringify(problem).replaceAll('$', '\\u0024');
}

export function decodeProblem(text: string): Problem {
  return JSON.parse(text) as Problem;
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

import { isFragment } from './fields.js';

/** `${NAME}` is the variable's value; `$${NAME}` is that text itself. */
const REFERENCE = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * The value with the environment's variables in the place of their references, in every text inside. Variables that are
 * not set are problems.
 */
export function resolveReferences(
  value: unknown,
  env: Record<string, string | undefined>,
  problems: string[],
  place = '',
): unknown {
  if (typeof value === 'string') {
    return value.replace(REFERENCE, (whole, escaped: string, name: string) => {
      if (escaped !== '') return whole.slice(1);
      if (env[name] === undefined) problems.push(`${place} names the variable ${name}, which is not set.`);
      return env[name] ?? '';
    });
  }
  if (Array.isArray(value)) {
    return value.map((each, index) => resolveReferences(each, env, problems, `${place}[${index}]`));
  }
  if (!isFragment(value)) return value;
  const inner = (key: string): string => (place === '' ? key : `${place}.${key}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, resolveReferences(each, env, problems, inner(key))]),
  );
}

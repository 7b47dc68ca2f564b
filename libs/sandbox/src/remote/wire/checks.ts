import type { SandboxLimits } from '../../ports/sandbox-provider.js';

/** The other side sent what the protocol does not know. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WireError';
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export function parseFields(bytes: Buffer | string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    throw new WireError('That is not JSON.');
  }
  return fieldsOf(value);
}

export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WireError('An object is wanted.');
  return value as Fields;
}

export function textOf(fields: Fields, name: string, longest: number): string {
  const value = fields[name];
  if (typeof value !== 'string' || value.length > longest) {
    throw new WireError(`${name} must be a text of at most ${longest} characters.`);
  }
  return value;
}

export function wholeNumberOf(fields: Fields, name: string, largest = Number.MAX_SAFE_INTEGER): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > largest) {
    throw new WireError(`${name} must be a whole number from 0 to ${largest}.`);
  }
  return value;
}

export function truthOf(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') throw new WireError(`${name} must be true or false.`);
  return value;
}

export function choiceOf<const Choice extends string>(
  fields: Fields,
  name: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === fields[name]);
  if (found === undefined) throw new WireError(`${name} must be one of ${choices.join(', ')}.`);
  return found;
}

export function listOf(fields: Fields, name: string, longest: number): unknown[] {
  const value = fields[name];
  if (!Array.isArray(value) || value.length > longest) throw new WireError(`${name} must be a list.`);
  return value;
}

const LIMIT_NAMES = [
  ...(['timeoutMs', 'maxOutputBytes', 'memoryBytes', 'maxProcesses'] as const),
  ...(['maxFileBytes', 'maxWorkspaceBytes', 'maxWorkspaceFiles'] as const),
] satisfies readonly (keyof SandboxLimits)[];

/** Those limits that are there. */
export function limitsOf(value: unknown): Partial<SandboxLimits> {
  const fields = fieldsOf(value);
  const present = LIMIT_NAMES.filter((name) => fields[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, wholeNumberOf(fields, name)]));
}

/** All of them. */
export function allLimitsOf(value: unknown): SandboxLimits {
  const limits = limitsOf(value);
  const missing = LIMIT_NAMES.find((name) => limits[name] === undefined);
  if (missing !== undefined) throw new WireError(`${missing} is missing.`);
  return limits as SandboxLimits;
}

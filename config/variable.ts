import { readFileSync } from 'node:fs';

/** How one environment variable is read, checked and documented. */
export interface Variable<Value> {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'enum' | 'url';
  readonly description: string;
  /** Shown in the README instead of the default's value, where the default is computed. */
  readonly defaultText: string;
  readonly secret: boolean;
  /** The value for an absent or empty variable, or for the given text. Throws an Error that says what is wrong. */
  read(text: string | undefined): Value;
}

interface Options<Value> {
  default: Value;
  description: string;
  defaultText?: string;
  secret?: boolean;
}

function variable<Value>(
  type: Variable<Value>['type'],
  options: Options<Value>,
  parse: (text: string) => Value,
): Variable<Value> {
  return {
    type,
    description: options.description,
    defaultText: options.defaultText ?? (options.default === undefined ? '(unset)' : String(options.default)),
    secret: options.secret ?? false,
    read: (text) => (text === undefined || text === '' ? options.default : parse(text)),
  };
}

export function text<Default extends string | undefined>(options: Options<Default>): Variable<string | Default> {
  return variable<string | Default>('string', options, (value) => value);
}

export function url<Default extends string | undefined>(
  options: Options<Default> & { protocols: readonly string[] },
): Variable<string | Default> {
  return variable<string | Default>('url', options, (value) => {
    const protocol = URL.canParse(value) ? new URL(value).protocol.replace(':', '') : undefined;
    if (protocol === undefined || !options.protocols.includes(protocol)) {
      throw new Error(`must be a URL that starts with ${options.protocols.map((name) => `${name}://`).join(' or ')}`);
    }
    return value.replace(/\/+$/, '');
  });
}

/** Any number of them, with commas between. */
export function urls(options: { protocols: readonly string[]; description: string }): Variable<readonly string[]> {
  const one = url({ ...options, default: undefined });
  return variable<readonly string[]>('url', { ...options, default: [], defaultText: '(unset)' }, (value) =>
    value.split(',').flatMap((part) => one.read(part.trim()) ?? []),
  );
}

export function integer(options: Options<number> & { min: number; max: number }): Variable<number> {
  return variable('integer', options, (value) => {
    const number = Number(value);
    if (!/^-?\d+$/.test(value) || number < options.min || number > options.max) {
      throw new Error(`must be a whole number from ${options.min} to ${options.max}`);
    }
    return number;
  });
}

export function decimal(options: Options<number> & { min: number; max: number }): Variable<number> {
  return variable('number', options, (value) => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number) || number < options.min || number > options.max) {
      throw new Error(`must be a number from ${options.min} to ${options.max}`);
    }
    return number;
  });
}

export function flag(options: Options<boolean>): Variable<boolean> {
  return variable('boolean', options, (value) => {
    const lower = value.toLowerCase();
    if (['true', '1', 'yes', 'on'].includes(lower)) return true;
    if (['false', '0', 'no', 'off'].includes(lower)) return false;
    throw new Error('must be true or false');
  });
}

export function choice<const Choice extends string, Default extends Choice | undefined>(
  choices: readonly Choice[],
  options: Options<Default>,
): Variable<Choice | Default> {
  const described = { ...options, description: `${options.description} One of: ${choices.join(', ')}.` };
  return variable<Choice | Default>('enum', described, (value) => {
    const found = choices.find((name) => name === value);
    if (found === undefined) throw new Error(`must be one of ${choices.join(', ')}`);
    return found;
  });
}

/** A file whose content `parse` reads; the value is what it makes of it. Relative paths start at the working directory. */
export function file<Value>(options: Options<Value>, parse: (content: string) => Value): Variable<Value> {
  return variable<Value>('string', { defaultText: '(unset)', ...options }, (path) => {
    let content: string;
    try {
      content = readFileSync(path, 'utf8');
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new Error(`names a file that cannot be read (${reason})`, { cause: error });
    }
    return parse(content);
  });
}

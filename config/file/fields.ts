export type Fragment = Record<string, unknown>;

export function isFragment(value: unknown): value is Fragment {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Range {
  min: number;
  max: number;
  whole?: boolean;
}

/**
 * Reads the fields of one mapping in a configuration file. What is wrong goes to `problems`, each with its place, and the
 * field counts as absent: so all problems are found at once. No value is ever told: it may be a secret.
 */
export class Fields {
  readonly #read = new Set<string>();

  constructor(
    private readonly value: Fragment,
    readonly place: string,
    private readonly problems: string[],
  ) {}

  text(name: string): string | undefined {
    return this.#take(name, 'a text that is not empty', (value): value is string => {
      return typeof value === 'string' && value !== '';
    });
  }

  number(name: string, { min, max, whole = false }: Range): number | undefined {
    const kind = whole ? 'a whole number' : 'a number';
    return this.#take(name, `${kind} from ${min} to ${max}`, (value): value is number => {
      return typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
    });
  }

  flag(name: string): boolean | undefined {
    return this.#take(name, 'true or false', (value) => typeof value === 'boolean');
  }

  /** As Go writes it, or seconds; negative for ever. */
  duration(name: string): string | number | undefined {
    return this.#take(name, 'a number of seconds or a text such as 10m', (value): value is string | number => {
      return Number.isFinite(value) || (typeof value === 'string' && /^-?(\d+(\.\d+)?(ms|s|m|h))+$/.test(value));
    });
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    return this.#take(name, `one of ${choices.join(', ')}`, (value): value is Choice => {
      return choices.some((choice) => choice === value);
    });
  }

  texts(name: string): string[] | undefined {
    return this.#take(name, 'a list of texts', (value): value is string[] => {
      return Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '');
    });
  }

  mapping(name: string): Fragment | undefined {
    return this.#take(name, 'a mapping', isFragment);
  }

  list(name: string): unknown[] | undefined {
    return this.#take(name, 'a list', (value): value is unknown[] => Array.isArray(value));
  }

  url(name: string): string | undefined {
    const value = this.#take(name, 'a URL that starts with http:// or https://', (text): text is string => {
      return typeof text === 'string' && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
    });
    return value?.replace(/\/+$/, '');
  }

  /** Each entry of a mapping of mappings, with its key. */
  entries(name: string): [string, Fields][] {
    const mapping = this.mapping(name) ?? {};
    return Object.entries(mapping).flatMap(([key, value]): [string, Fields][] => {
      const fields = this.inner(`${name}.${key}`, value ?? {});
      return fields ? [[key, fields]] : [];
    });
  }

  /** The fields of something found inside; undefined, and a problem, where it is no mapping. */
  inner(name: string, value: unknown): Fields | undefined {
    if (isFragment(value)) return new Fields(value, this.#placeOf(name), this.problems);
    this.problem(name, 'must be a mapping');
    return undefined;
  }

  required<Value>(name: string, value: Value | undefined): Value | undefined {
    if (value === undefined && this.value[name] === undefined) this.problem(name, 'is missing');
    return value;
  }

  problem(name: string, text: string): void {
    this.problems.push(`${this.#placeOf(name)} ${text}.`);
  }

  /** Finds what nobody has read: most often a slip of the pen. */
  end(): void {
    for (const name of Object.keys(this.value)) {
      if (!this.#read.has(name)) this.problem(name, `is not known here (known: ${[...this.#read].sort().join(', ')})`);
    }
  }

  #take<Value>(name: string, expected: string, is: (value: unknown) => value is Value): Value | undefined {
    this.#read.add(name);
    const value = this.value[name];
    if (value === undefined || value === null) return undefined;
    if (is(value)) return value;
    this.problem(name, `must be ${expected}`);
    return undefined;
  }

  #placeOf(name: string): string {
    return this.place === '' ? name : `${this.place}.${name}`;
  }
}

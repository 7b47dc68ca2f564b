const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };
const CONSTANTS: Readonly<Record<string, unknown>> = {
  True: true,
  False: false,
  None: null,
  true: true,
  false: false,
  null: null,
};
const DEEPEST = 50;

export interface PythonCall {
  name: string;
  positional: unknown[];
  named: [string, unknown][];
}

/** Reads calls and literals of Python. Throws SyntaxError for anything else. */
export class PythonReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  isDone(): boolean {
    this.skipSpace();
    return this.at >= this.text.length;
  }

  /** Whether the text goes on with `expected`, which is then read. */
  accept(expected: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  expect(expected: string): void {
    if (!this.accept(expected)) throw new SyntaxError(`No ${expected} at ${this.at}`);
  }

  /** Between calls: commas, semicolons, line feeds. */
  skipSeparators(): void {
    this.match(/[\s,;]*/y);
  }

  readCall(): PythonCall {
    this.skipSpace();
    const call: PythonCall = { name: this.demand(/[A-Za-z_][\w.-]*/y), positional: [], named: [] };
    this.expect('(');
    while (!this.accept(')')) {
      const argument = this.match(/([A-Za-z_]\w*)\s*=(?!=)/y);
      const value = this.readValue();
      if (argument === null) call.positional.push(value);
      else call.named.push([argument.replace(/\s*=$/, ''), value]);
      if (!this.accept(',') && !this.text.startsWith(')', this.at)) throw new SyntaxError(`No comma at ${this.at}`);
    }
    return call;
  }

  private readValue(): unknown {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new SyntaxError('Too deep');
    const value = this.readAny();
    this.depth -= 1;
    this.skipSpace();
    return value;
  }

  private readAny(): unknown {
    this.skipSpace();
    if (this.accept('[')) return this.readList(']');
    if (this.accept('(')) return this.readList(')');
    if (this.accept('{')) return this.readDictionary();
    const quote = this.match(/"""|'''|"|'/y);
    if (quote !== null) return this.readString(quote);
    const number = this.match(/[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (number !== null) return Number(number.replaceAll('_', ''));
    const word = this.demand(/[A-Za-z]+/y);
    if (!Object.hasOwn(CONSTANTS, word)) throw new SyntaxError(`Not a literal: ${word}`);
    return CONSTANTS[word];
  }

  private readList(end: string): unknown[] {
    const items: unknown[] = [];
    while (!this.accept(end)) {
      items.push(this.readValue());
      if (!this.accept(',') && !this.text.startsWith(end, this.at)) throw new SyntaxError(`No comma at ${this.at}`);
    }
    return items;
  }

  private readDictionary(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (!this.accept('}')) {
      const key = this.readValue();
      this.expect(':');
      entries.push([String(key), this.readValue()]);
      if (!this.accept(',') && !this.text.startsWith('}', this.at)) throw new SyntaxError(`No comma at ${this.at}`);
    }
    return Object.fromEntries(entries);
  }

  private readString(quote: string): string {
    let value = '';
    while (this.at < this.text.length) {
      if (this.text.startsWith(quote, this.at)) {
        this.at += quote.length;
        return value;
      }
      const character = this.text.charAt(this.at);
      const next = this.text.charAt(this.at + 1);
      if (character === '\\') value += ESCAPES[next] ?? character + next;
      else value += character;
      this.at += character === '\\' ? 2 : 1;
    }
    throw new SyntaxError('The string has no end');
  }

  private skipSpace(): void {
    this.match(/\s*/y);
  }

  private demand(pattern: RegExp): string {
    const found = this.match(pattern);
    if (found === null) throw new SyntaxError(`Nothing to read at ${this.at}`);
    return found;
  }

  /** What the sticky pattern finds here, which is then read; null if it finds nothing. */
  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at += found[0].length;
    return found[0];
  }
}

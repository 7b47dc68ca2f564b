type Container = 'object' | 'array';
/** What may come next, outside of strings. */
type Expectation = 'value' | 'key' | 'colon' | 'comma';

const LITERALS = ['true', 'false', 'null'];

/**
 * Lets the arguments of a call through while they are the beginning of a JSON object, and holds everything from the
 * first flaw on: what was shown cannot be taken back, and what is wrong can still be put right. Commas wait for what
 * follows them.
 */
export class JsonGate {
  private readonly containers: Container[] = [];
  private expected: Expectation = 'value';
  private isString = false;
  private isKey = false;
  private escaped = false;
  private word = '';
  private waiting = '';
  private isShut = false;

  /** The part of the fragment, and of what waited, that may be shown. */
  push(fragment: string): string {
    let shown = '';
    for (const character of fragment) {
      if (this.isShut) break;
      if (!this.accepts(character)) {
        this.isShut = true;
        break;
      }
      this.waiting += character;
      const isPending = !this.isString && this.word === '' && (character === ',' || /\s/.test(character));
      if (isPending) continue;
      shown += this.waiting;
      this.waiting = '';
    }
    return shown;
  }

  private accepts(character: string): boolean {
    if (this.isString) return this.acceptInString(character);
    if (this.word !== '') {
      if (/[\w+.-]/.test(character)) return this.acceptInWord(character);
      if (!isWholeWord(this.word)) return false;
      this.word = '';
      this.expected = 'comma';
    }
    if (/\s/.test(character)) return true;
    if (this.containers.length === 0) return this.acceptStart(character);
    return this.acceptBetween(character);
  }

  private acceptInString(character: string): boolean {
    if (this.escaped) {
      this.escaped = false;
      return '"\\/bfnrtu'.includes(character);
    }
    if (character < ' ') return false;
    if (character === '\\') this.escaped = true;
    if (character === '"') {
      this.isString = false;
      this.expected = this.isKey ? 'colon' : 'comma';
    }
    return true;
  }

  private acceptInWord(character: string): boolean {
    this.word += character;
    return isWordStart(this.word);
  }

  private acceptStart(character: string): boolean {
    return this.expected === 'value' && character === '{' && this.open('object');
  }

  private acceptBetween(character: string): boolean {
    const container = this.containers.at(-1);
    const isEnd = character === (container === 'object' ? '}' : ']');
    if (isEnd) return this.canClose(container) && this.close();
    switch (this.expected) {
      case 'comma':
        if (character !== ',') return false;
        this.expected = container === 'object' ? 'key' : 'value';
        return true;
      case 'colon':
        this.expected = 'value';
        return character === ':';
      case 'key':
        return character === '"' && this.openString(true);
      case 'value':
        return this.acceptValue(character);
    }
  }

  /** After a value, or where there is none yet; never behind a comma. */
  private canClose(container: Container | undefined): boolean {
    const first = container === 'object' ? 'key' : 'value';
    return this.expected === 'comma' || (this.expected === first && !this.waiting.includes(','));
  }

  private acceptValue(character: string): boolean {
    if (character === '"') return this.openString(false);
    if (character === '{') return this.open('object');
    if (character === '[') return this.open('array');
    this.word = character;
    return isWordStart(character);
  }

  private open(container: Container): boolean {
    this.containers.push(container);
    this.expected = container === 'object' ? 'key' : 'value';
    return true;
  }

  private openString(isKey: boolean): boolean {
    this.isString = true;
    this.isKey = isKey;
    return true;
  }

  private close(): boolean {
    this.containers.pop();
    this.expected = 'comma';
    return true;
  }
}

function isWordStart(word: string): boolean {
  return LITERALS.some((literal) => literal.startsWith(word)) || /^-?(?:\d+(?:\.\d*)?(?:[eE][+-]?\d*)?)?$/.test(word);
}

function isWholeWord(word: string): boolean {
  return LITERALS.includes(word) || /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

type Place = 'seeking' | 'inside' | 'done';

/**
 * Decodes the first argument, a string, out of a JSON object while it still arrives in pieces, so that code can be
 * shown while the model writes it: fed `{"code": "a\`, `n"}` it gives `a`, then a line feed.
 */
export class JsonArgumentStream {
  private place: Place = 'seeking';
  private buffer = '';
  /** The first half of a character beyond the basic plane: shown with its second half only. */
  private highSurrogate = '';
  private readonly opening: RegExp;

  constructor(argument: string) {
    const name = JSON.stringify(argument).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    this.opening = new RegExp(`^\\s*\\{\\s*${name}\\s*:\\s*"`);
  }

  /** The text that this fragment decodes to, possibly empty. */
  push(fragment: string): string {
    if (this.place === 'done') return '';
    this.buffer += fragment;
    if (this.place === 'seeking') {
      const match = this.opening.exec(this.buffer);
      if (!match) return '';
      this.buffer = this.buffer.slice(match[0].length);
      this.place = 'inside';
    }
    return this.wholeCharacters(this.decode());
  }

  private wholeCharacters(decoded: string): string {
    const text = this.highSurrogate + decoded;
    const isCut = this.place === 'inside' && /[\uD800-\uDBFF]$/.test(text);
    this.highSurrogate = isCut ? text.slice(-1) : '';
    return isCut ? text.slice(0, -1) : text;
  }

  private decode(): string {
    let text = '';
    let at = 0;
    while (at < this.buffer.length) {
      const character = this.buffer.charAt(at);
      if (character === '"') {
        this.place = 'done';
        break;
      }
      const length = character === '\\' ? (this.buffer.charAt(at + 1) === 'u' ? 6 : 2) : 1;
      if (at + length > this.buffer.length) break;
      text += length === 1 ? character : decodeEscape(this.buffer.slice(at + 1, at + length));
      at += length;
    }
    this.buffer = this.place === 'done' ? '' : this.buffer.slice(at);
    return text;
  }
}

function decodeEscape(escape: string): string {
  if (escape.startsWith('u')) {
    const unit = Number.parseInt(escape.slice(1), 16);
    return Number.isNaN(unit) ? '' : String.fromCharCode(unit);
  }
  return ESCAPES[escape] ?? escape;
}

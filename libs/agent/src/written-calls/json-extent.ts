const OPENING = '{[';
const CLOSING = '}]';

/**
 * Finds the end of a JSON value that begins with a bracket, also where the text arrives in pieces: strings may hold
 * brackets. Single quotes count as quotes, since models write Python's dictionaries, too.
 */
export class JsonExtent {
  private depth = 0;
  private quote = '';
  private escaped = false;

  /** Whether the value ended with this character. The first one is its opening bracket. */
  push(character: string): boolean {
    if (this.quote !== '') {
      this.pushQuoted(character);
      return false;
    }
    if (character === '"' || character === "'") this.quote = character;
    else if (OPENING.includes(character)) this.depth += 1;
    else if (CLOSING.includes(character)) this.depth -= 1;
    return this.depth <= 0;
  }

  private pushQuoted(character: string): void {
    if (this.escaped) this.escaped = false;
    else if (character === '\\') this.escaped = true;
    else if (character === this.quote) this.quote = '';
  }
}

/** The top-level values in a text, each as it is written; what stands between them is left out. */
export function jsonValuesIn(text: string): string[] {
  const values: string[] = [];
  let start = -1;
  let extent = new JsonExtent();
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (start < 0) {
      if (!OPENING.includes(character)) continue;
      start = at;
      extent = new JsonExtent();
    }
    if (extent.push(character)) {
      values.push(text.slice(start, at + 1));
      start = -1;
    }
  }
  if (start >= 0) values.push(text.slice(start));
  return values;
}

/** Knows whether a place of a text lies in code, fed the text up to there in any pieces. */
export class CodeTracker {
  private line = '';
  private fenced = false;

  /** Inside a block between fences, where nothing means anything else. */
  get isFenced(): boolean {
    return this.fenced || isFence(this.line);
  }

  /** Between backticks in a line. */
  get isInSpan(): boolean {
    return !isFence(this.line) && this.line.split('`').length % 2 === 0;
  }

  push(text: string): void {
    const lines = text.split('\n');
    for (const [index, part] of lines.entries()) {
      this.line += part;
      if (index === lines.length - 1) return;
      if (isFence(this.line)) this.fenced = !this.fenced;
      this.line = '';
    }
  }
}

function isFence(line: string): boolean {
  return /^\s*(```|~~~)/.test(line);
}

const FENCE = /^\s*(```|~~~)/;

/**
 * Knows whether a place in a text is code: inside a fenced block, or between backticks. Code is shown and has no meaning.
 * Fed the text up to that place, in any pieces.
 */
export class CodeTracker {
  private line = '';
  /** What opened the block under way, and alone closes it; empty outside of blocks. */
  private fence = '';

  /** Whether what comes next is code. A block begins behind the line that opens it. */
  get isCode(): boolean {
    return this.fence !== '' || this.isInSpan;
  }

  /** Inside a block, the lines of its fences included. */
  get isFenced(): boolean {
    return this.fence !== '' || FENCE.test(this.line);
  }

  /** Between backticks in a line. */
  get isInSpan(): boolean {
    return countBackticks(this.line) % 2 === 1 && !FENCE.test(this.line);
  }

  /** One that is fed further without this one hearing of it. */
  copy(): CodeTracker {
    const copied = new CodeTracker();
    copied.line = this.line;
    copied.fence = this.fence;
    return copied;
  }

  push(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.line += text.slice(start, end);
      this.endLine();
      start = end + 1;
    }
    this.line += text.slice(start);
  }

  private endLine(): void {
    const fence = FENCE.exec(this.line)?.[1];
    if (fence !== undefined && this.fence === '') this.fence = fence;
    else if (fence === this.fence) this.fence = '';
    this.line = '';
  }
}

function countBackticks(line: string): number {
  let count = 0;
  for (let at = line.indexOf('`'); at >= 0; at = line.indexOf('`', at + 1)) count += 1;
  return count;
}

/**
 * Knows whether a place in a text is quoted: inside a fenced block, or between backticks. What is quoted is shown and has
 * no meaning. Fed the text up to that place, in any pieces.
 */
export class LiteralTracker {
  private inFence = false;
  private line = '';

  /** Whether what comes next is quoted. */
  get isLiteral(): boolean {
    return this.inFence || countBackticks(this.line) % 2 === 1;
  }

  /** One that is fed further without this one hearing of it. */
  copy(): LiteralTracker {
    const copied = new LiteralTracker();
    copied.inFence = this.inFence;
    copied.line = this.line;
    return copied;
  }

  push(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.line += text.slice(start, end);
      if (/^\s*```/.test(this.line)) this.inFence = !this.inFence;
      this.line = '';
      start = end + 1;
    }
    this.line += text.slice(start);
  }
}

function countBackticks(line: string): number {
  if (/^\s*```/.test(line)) return 0;
  let count = 0;
  for (let at = line.indexOf('`'); at >= 0; at = line.indexOf('`', at + 1)) count += 1;
  return count;
}

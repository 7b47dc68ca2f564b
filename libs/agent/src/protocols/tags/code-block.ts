/** What ends a block of code whose fence was left open: the tag on a line of its own, or behind code without quotes. */
const TAG_LINE = /^([^"'`]*?)[ \t]*<\/Code>/;
const FENCE_AND_TAG = /^(.*?)[ \t]*```\s*<\/Code>/;
const CLOSING_FENCE = /^\s*```\s*$/;
const TAG = '</Code>';

/**
 * Reads the inside of a `<Code>` block: the code of its first fence, or all of it where there is none. Code comes out line
 * by line; `</Code>` in a string of fenced code does not end it.
 */
export class CodeBlock {
  private place: 'lead' | 'fenced' | 'bare' | 'behind' = 'lead';
  private held = '';
  private isFirstLine = true;

  /** The code that is certain, and what comes behind the block once that has ended. */
  push(text: string): { code: string; rest: string | null } {
    this.held += text;
    if (this.place === 'lead' && !this.readLead(false)) return { code: '', rest: null };
    return this.place === 'bare' ? this.readBare() : this.readFenced();
  }

  /** What is left where the turn ended in the block. */
  end(): string {
    if (this.place === 'lead') this.readLead(true);
    const rest = this.held;
    this.held = '';
    if (this.place === 'behind') return '';
    if (this.place === 'bare') return this.isFirstLine ? rest.trim() : rest.trimEnd();
    const line = rest.replace(/[ \t]*`{1,3}\s*$/, '').trimEnd();
    return line === '' ? '' : this.withLineFeed(line);
  }

  /** Whether it is known if the code is fenced. */
  private readLead(atEnd: boolean): boolean {
    const begun = this.held.replace(/^\s+/, '');
    const mayBeFence = '```'.startsWith(begun.slice(0, 3)) || begun.startsWith('```');
    const lineEnd = begun.indexOf('\n');
    if (mayBeFence && lineEnd < 0 && !atEnd) return false;
    const isFence = /^```\w*[ \t]*(?:\n|$)/.test(begun);
    this.place = isFence ? 'fenced' : 'bare';
    this.held = isFence ? (lineEnd < 0 ? '' : begun.slice(lineEnd + 1)) : begun;
    return true;
  }

  private readBare(): { code: string; rest: string | null } {
    const end = this.held.indexOf(TAG);
    if (end >= 0) {
      const code = this.held.slice(0, end).trimEnd();
      return { code, rest: this.held.slice(end + TAG.length) };
    }
    const certain = this.held.slice(0, Math.max(0, this.held.length - TAG.length)).trimEnd();
    this.isFirstLine &&= certain === '';
    this.held = this.held.slice(certain.length);
    return { code: certain, rest: null };
  }

  private readFenced(): { code: string; rest: string | null } {
    let code = '';
    for (;;) {
      const end = this.endInLine();
      if (end) return { code: code + this.lastLine(end.code), rest: end.rest };
      const feed = this.held.indexOf('\n');
      if (feed < 0) return { code, rest: null };
      const line = this.held.slice(0, feed);
      this.held = this.held.slice(feed + 1);
      if (this.place === 'behind') continue;
      if (CLOSING_FENCE.test(line)) this.place = 'behind';
      else code += this.withLineFeed(line);
    }
  }

  /** Where the block ends in the line that comes next. */
  private endInLine(): { code: string; rest: string } | null {
    const line = this.held.split('\n', 1)[0] ?? '';
    const behind = line.indexOf(TAG);
    if (this.place === 'behind') return behind < 0 ? null : { code: '', rest: this.held.slice(behind + TAG.length) };
    const found = FENCE_AND_TAG.exec(line) ?? TAG_LINE.exec(line);
    return found && { code: found[1] ?? '', rest: this.held.slice(found[0].length) };
  }

  private lastLine(line: string): string {
    return line.trim() === '' ? '' : this.withLineFeed(line.trimEnd());
  }

  private withLineFeed(line: string): string {
    const text = this.isFirstLine ? line : `\n${line}`;
    this.isFirstLine = false;
    return text;
  }
}

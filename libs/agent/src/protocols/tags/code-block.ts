const CLOSING_FENCE = /^\s*```\s*$/;
const FENCE = '```';
const TAG = '</Code>';

/**
 * Reads the inside of a `<Code>` block: the code of its first fence, or all of it where there is none. Code comes out line
 * by line; `</Code>` in a string of fenced code does not end it.
 */
export class CodeBlock {
  private place: 'lead' | 'fenced' | 'bare' | 'behind' = 'lead';
  private held = '';
  private isFirstLine = true;
  /** Characters of the line in `held` that have been searched for its end. */
  private searched = 0;

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
    const line = rest
      .trimEnd()
      .replace(/`{1,3}$/, '')
      .trimEnd();
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
      const feed = this.held.indexOf('\n', this.searched);
      const end = this.endInLine(feed < 0 ? this.held : this.held.slice(0, feed));
      if (end) return { code: code + this.lastLine(end.code), rest: end.rest };
      if (feed < 0) {
        this.searched = Math.max(0, this.held.length - TAG.length);
        return { code, rest: null };
      }
      const line = this.held.slice(0, feed);
      this.held = this.held.slice(feed + 1);
      this.searched = 0;
      if (this.place === 'behind') continue;
      if (CLOSING_FENCE.test(line)) this.place = 'behind';
      else code += this.withLineFeed(line);
    }
  }

  /** Where the block ends in the line: at a tag behind a fence, or behind code without quotes, whose fence was left open. */
  private endInLine(line: string): { code: string; rest: string } | null {
    for (let tag = line.indexOf(TAG, this.searched); tag >= 0; tag = line.indexOf(TAG, tag + 1)) {
      const code = this.codeBefore(line.slice(0, tag));
      if (code !== null) return { code, rest: this.held.slice(tag + TAG.length) };
    }
    return null;
  }

  /** Null: the tag behind this part of a line is of the code. */
  private codeBefore(part: string): string | null {
    if (this.place === 'behind') return '';
    const trimmed = part.trimEnd();
    if (trimmed.endsWith(FENCE)) return trimmed.slice(0, -FENCE.length);
    return /["'`]/.test(part) ? null : part;
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

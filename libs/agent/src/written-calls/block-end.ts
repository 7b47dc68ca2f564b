import type { BlockKind } from './block-kinds.js';
import { JsonExtent } from './json-extent.js';

/** Mistral's, which begin as a list does. */
const LEAD_TOKENS = ['[ARGS]', '[CALL_ID]'];
const LONGEST_LEAD_TOKEN = 10;
/** Longer than every opener and closer. */
const LONGEST_MARKER = 64;

/** Finds where a block ends, over a text that grows. Remembers what it has seen: each character is looked at once. */
export class BlockEnd {
  private at: number;
  private extent: JsonExtent | null = null;
  private lastValueEnd = -1;
  private isJson: boolean | null = null;

  /** @param bodyStart where the block's body begins in the texts given to `find` */
  constructor(
    private readonly kind: BlockKind,
    bodyStart: number,
  ) {
    this.at = bodyStart;
  }

  /** Whether a whole value of JSON has been seen. */
  get hasValue(): boolean {
    return this.lastValueEnd >= 0 && this.extent === null;
  }

  /** The place behind the block; null while it goes on. */
  find(text: string): number | null {
    this.isJson ??= this.decide(text);
    if (this.isJson === null) return null;
    return this.isJson ? this.findInJson(text) : this.findCloser(text);
  }

  /** The place behind the block where nothing more comes: behind its JSON, its first closer, or all of the text. */
  findAtEnd(text: string): number {
    if (this.kind.endsWithJson && this.hasValue) return this.lastValueEnd;
    return this.findCloser(text, 0) ?? text.length;
  }

  /** Whether the body is JSON, where closers inside of strings do not count. Null: not to be seen yet. */
  private decide(text: string): boolean | null {
    const { lead } = this.kind;
    const pattern = lead ?? /\s*/y;
    pattern.lastIndex = this.at;
    const start = this.at + (pattern.exec(text)?.[0].length ?? 0);
    const rest = text.slice(start, start + LONGEST_LEAD_TOKEN);
    if (rest === '' || (lead && LEAD_TOKENS.some((token) => token.startsWith(rest)))) return null;
    const isJson = '{['.includes(rest.charAt(0));
    if (isJson) this.at = start;
    return isJson;
  }

  private findCloser(text: string, from = this.at): number | null {
    const { closers } = this.kind;
    const ends = closers.flatMap((closer) => {
      const found = text.indexOf(closer, from);
      return found < 0 ? [] : [found + closer.length];
    });
    const longest = Math.max(0, ...closers.map(({ length }) => length));
    if (ends.length === 0 && from === this.at) this.at = Math.max(from, text.length - longest);
    return ends.length === 0 ? null : Math.min(...ends);
  }

  private findInJson(text: string): number | null {
    while (this.at < text.length) {
      if (this.extent) this.consumeValue(text, this.extent);
      else {
        const end = this.betweenValues(text);
        if (end !== 'on') return end;
      }
    }
    return null;
  }

  private consumeValue(text: string, extent: JsonExtent): void {
    while (this.at < text.length) {
      this.at += 1;
      if (!extent.push(text.charAt(this.at - 1))) continue;
      this.lastValueEnd = this.at;
      this.extent = null;
      return;
    }
  }

  private betweenValues(text: string): number | null | 'on' {
    const { opener, closers, endsWithJson } = this.kind;
    const character = text.charAt(this.at);
    const rest = text.slice(this.at, this.at + LONGEST_MARKER);
    const closer = closers.find((candidate) => rest.startsWith(candidate));
    if (closer !== undefined) return this.at + closer.length;
    const another = endsWithJson && opener.length > 1 ? [opener] : [];
    if (another.some((marker) => rest.startsWith(marker))) return this.lastValueEnd;
    if ([...closers, ...another].some((marker) => marker.startsWith(rest))) return null;
    if ('{['.includes(character)) {
      this.extent = new JsonExtent();
      return 'on';
    }
    if (endsWithJson && this.lastValueEnd >= 0 && !/[\s,;]/.test(character)) return this.lastValueEnd;
    this.at += 1;
    return 'on';
  }
}

import { invalid } from './unreadable.js';

/** Deeper than any document goes. The time of htmlparser2 grows with the square of the depth. */
export const DEEPEST_MARKUP = 5000;

/** How deep a parser is in elements. */
export class MarkupDepth {
  private depth = 0;

  /** Throws UnreadableDocumentError below the deepest that is read. */
  open(): void {
    this.depth += 1;
    if (this.depth > DEEPEST_MARKUP) invalid('The markup is nested too deeply to be read.');
  }

  close(): void {
    this.depth -= 1;
  }
}

import { CodeTracker } from '../text-streams/code-tracker.js';
import { HoldingStage } from '../text-stages/holding-stage.js';
import type { MarkedText, TextMark } from '../text-stages/text-stage.js';
import type { ReadAddresses } from './read-addresses.js';
import { readLink, type WebLink } from './read-link.js';

/**
 * Marks Markdown links to pages that a search found as citations. Leaves of links to addresses that the model made up only
 * their titles: after a search they would be read as citations, too. Other links, images, and what stands in code are shown
 * as they are.
 */
export class WebLinkStage extends HoldingStage {
  private previous = '';
  private readonly code = new CodeTracker();

  constructor(private readonly addresses: ReadAddresses) {
    super();
  }

  protected *drain(atEnd: boolean): Generator<MarkedText> {
    while (this.held !== '') {
      const start = this.held.indexOf('[');
      if (start !== 0) yield { text: this.take(start < 0 ? this.held.length : start) };
      if (this.held === '') return;
      const link = readLink(this.held, atEnd);
      if (link === 'undecided') return;
      if (link && this.isToBeDropped(link.address)) {
        // Read once more: a title may hold a link, too.
        this.held = link.title + this.held.slice(link.length);
      } else {
        const mark = this.citationBy(link);
        const text = this.take(link?.length ?? 1);
        yield mark ? { text, mark } : { text };
      }
    }
  }

  /** What stands within a citation is out of the later stages' sight: a title with a link of its own is left to them. */
  private citationBy(link: WebLink | null): TextMark | undefined {
    if (!link || !this.isShownAsLink || link.title.includes('](')) return undefined;
    const page = this.addresses.citedPage(link.address);
    return page && { type: 'url_citation', ...page };
  }

  private isToBeDropped(address: string): boolean {
    return this.isShownAsLink && this.addresses.isInvented(address);
  }

  /** Whether what is a link here is none in code, and no image. */
  private get isShownAsLink(): boolean {
    return this.previous !== '!' && !this.code.isCode;
  }

  private take(length: number): string {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    this.code.push(text);
    if (text !== '') this.previous = text.slice(-1);
    return text;
  }
}

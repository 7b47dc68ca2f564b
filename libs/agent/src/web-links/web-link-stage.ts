import { CodeTracker } from '../text-streams/code-tracker.js';
import { HoldingStage } from '../text-stages/holding-stage.js';
import type { MarkedText } from '../text-stages/text-stage.js';
import type { ReadAddresses } from './read-addresses.js';
import { readLink } from './read-link.js';

/**
 * Leaves of Markdown links to addresses that the model made up only their titles: after a search such a link would be read
 * as a citation. Other links, images, and what stands in code are shown as they are.
 */
export class WebLinkStage extends HoldingStage {
  private previous = '';
  private readonly code = new CodeTracker();

  constructor(private readonly addresses: ReadAddresses) {
    super();
  }

  protected drain(atEnd: boolean): MarkedText[] {
    let shown = '';
    while (this.held !== '') {
      const start = this.held.indexOf('[');
      shown += this.take(start < 0 ? this.held.length : start);
      if (this.held === '') break;
      const link = readLink(this.held, atEnd);
      if (link === 'undecided') break;
      if (link && this.isToBeDropped(link.address)) {
        // Read once more: a title may hold a link, too.
        this.held = link.title + this.held.slice(link.length);
      } else {
        shown += this.take(link?.length ?? 1);
      }
    }
    return shown === '' ? [] : [{ text: shown }];
  }

  private isToBeDropped(address: string): boolean {
    return this.previous !== '!' && !this.code.isCode && this.addresses.isInvented(address);
  }

  private take(length: number): string {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    this.code.push(text);
    if (text !== '') this.previous = text.slice(-1);
    return text;
  }
}

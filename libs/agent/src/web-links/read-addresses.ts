import type { ChatMessage } from '@libs/llm';
import { textOfMessage } from '../context-window.js';
import type { WebPage } from '../events.js';

/** What may stand behind an address in a text and is no part of it. */
const BEHIND = /^(?:$|[\s<>"'`)\]},;|]|[.:!?](?:\s|$))/;

/** The addresses that a model has read: in what users, instructions and tools said. Some are pages that a search found. */
export class ReadAddresses {
  private readonly texts: string[] = [];
  private readonly pages = new Map<string, WebPage>();
  private hasSearched = false;

  /** @param searches names of the functions whose results are to be cited by links to the addresses in them */
  constructor(private readonly searches: ReadonlySet<string>) {}

  read(messages: readonly ChatMessage[]): void {
    if (this.searches.size === 0) return;
    for (const message of messages) {
      if (message.role !== 'assistant') this.texts.push(textOfMessage(message));
      else this.hasSearched ||= (message.tool_calls ?? []).some((call) => this.isSearch(call));
    }
  }

  find(pages: readonly WebPage[]): void {
    for (const page of pages) this.pages.set(page.address, page);
  }

  /** The page that a link to it cites; undefined for a link that is no citation. */
  citedPage(address: string): WebPage | undefined {
    return this.pages.get(address);
  }

  /** Whether a link to it would cite what the model has not read. False as long as nothing was searched. */
  isInvented(address: string): boolean {
    return this.hasSearched && !this.texts.some((text) => names(text, address));
  }

  private isSearch(call: { type: string; function?: { name: string } }): boolean {
    return call.function !== undefined && this.searches.has(call.function.name);
  }
}

/** As a whole: `https://a.example/` is not named by `https://a.example/b`. */
function names(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    if (BEHIND.test(text.slice(at + address.length, at + address.length + 2))) return true;
  }
  return false;
}

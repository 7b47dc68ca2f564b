import { countCharacters, type AgentEvent } from '@libs/agent';

/** How the wire tells that a link in the text cites a page (`ChatCompletionMessage.Annotation` of OpenAI's SDKs). */
export interface UrlCitation {
  type: 'url_citation';
  /** The place of the link in `content`, in code points, end exclusive. */
  url_citation: { start_index: number; end_index: number; title: string; url: string };
}

/** Finds where in an answer's `content`, which has more in it than the model's words, the citations stand. */
export class UrlCitations {
  private contentLength = 0;
  private readonly found: UrlCitation[] = [];

  /** Notes what a text cites that is shown next, as it is. */
  note({ annotations }: Extract<AgentEvent, { type: 'text-delta' }>): void {
    for (const annotation of annotations) {
      if (annotation.type !== 'url_citation') continue;
      const { text, title, address } = annotation;
      const [start_index, end_index] = [this.contentLength, this.contentLength + countCharacters(text)];
      this.found.push({ type: 'url_citation', url_citation: { start_index, end_index, title, url: address } });
    }
  }

  /** Counts what `content` grows by. */
  advance(content: string): void {
    this.contentLength += countCharacters(content);
  }

  /** The field; nothing where no page is cited. */
  toField(): { annotations?: UrlCitation[] } {
    return this.found.length === 0 ? {} : { annotations: this.found };
  }
}

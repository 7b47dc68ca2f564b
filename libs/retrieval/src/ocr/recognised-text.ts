import { Parser } from 'htmlparser2';
import type { ParsedDocument } from '../ports/document.js';
import { DocumentBuilder } from '../parse/document-builder.js';
import type { ParseLimits } from '../parse/limits.js';
import { MarkupDepth } from '../parse/markup-depth.js';

const BLOCKS = new Set('p div h1 h2 h3 h4 h5 h6 ul ol li table tr br hr'.split(' '));
/** They end where they begin. */
const LINES = new Set(['br', 'hr']);
const UNREAD = new Set('head title style script'.split(' '));
const MOST_BLANK_LINES = /\n[^\S\n]*(?:\n[^\S\n]*){2,}/g;

/**
 * Reads Tika's XHTML as it comes: a `<div class="page">` for each page of a PDF, and within it what was recognised, in
 * lines. Keeps no tree. Throws UnreadableDocumentError for too much text, and where it is nested too deeply.
 */
export class RecognisedText {
  private readonly builder: DocumentBuilder;
  private readonly parser: Parser;
  private readonly depth = new MarkupDepth();
  private pages = 0;
  private unread = 0;
  private text = '';

  constructor(limits: Pick<ParseLimits, 'maxTextLength' | 'maxSections'>) {
    this.builder = new DocumentBuilder(limits);
    this.parser = new Parser(
      {
        onopentag: (name, attributes) => this.open(name, attributes['class'] ?? ''),
        onclosetag: (name) => this.close(name),
        ontext: (text) => (this.text += this.unread > 0 ? '' : text),
      },
      { decodeEntities: true },
    );
  }

  write(part: string): void {
    this.parser.write(part);
  }

  /** Null where there is no text. */
  finish(): (Pick<ParsedDocument, 'text' | 'sections'> & { pages: number }) | null {
    this.parser.end();
    this.endPage();
    return this.builder.isBlank ? null : { ...this.builder.finish({}), pages: this.pages };
  }

  private open(name: string, className: string): void {
    this.depth.open();
    if (UNREAD.has(name)) this.unread += 1;
    if (name === 'div' && className.split(' ').includes('page')) this.startPage();
    else if (BLOCKS.has(name)) this.text += '\n';
  }

  private close(name: string): void {
    this.depth.close();
    if (UNREAD.has(name)) this.unread = Math.max(0, this.unread - 1);
    if (BLOCKS.has(name) && !LINES.has(name)) this.text += '\n';
  }

  private startPage(): void {
    this.endPage();
    this.pages += 1;
    this.builder.startPage(this.pages);
  }

  private endPage(): void {
    const text = this.text.replace(MOST_BLANK_LINES, '\n\n').trim();
    this.text = '';
    if (text !== '') this.builder.append(`${text}\n\n`);
  }
}

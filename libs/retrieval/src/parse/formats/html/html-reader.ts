import type { DocumentBuilder } from '../../document-builder.js';
import { CELLS, headingLevel, LINES, PARAGRAPHS, UNREAD } from './elements.js';
import { FlowText } from './flow-text.js';

/** A heading that is never closed is none. */
const LONGEST_HEADING = 500;

/** Takes a parser's events, and gives text with headings, listings and tables to a builder. Keeps no tree. */
export class HtmlReader {
  title = '';
  links = 0;
  tables = 0;
  private flow = new FlowText();
  private heading: { level: number; text: string } | null = null;
  private unread = 0;
  private verbatim = 0;
  private inTable = 0;
  private inTitle = false;
  private cells = 0;

  constructor(private readonly builder: DocumentBuilder) {}

  onopentag(name: string, attributes: Record<string, string>): void {
    if (name === 'title') this.inTitle = this.title === '';
    if (UNREAD.has(name)) this.unread += 1;
    if (this.unread > 0) return;
    if (name === 'a') this.links += 1;
    if (name === 'br') this.flow.break(1);
    if (name === 'img') this.flow.text(` ${attributes.alt ?? ''} `);
    this.openBlock(name);
  }

  onclosetag(name: string): void {
    if (name === 'title') this.inTitle = false;
    if (UNREAD.has(name)) this.unread = Math.max(0, this.unread - 1);
    if (this.unread > 0) return;
    if (headingLevel(name) !== undefined) this.endHeading();
    if (name === 'pre') this.endKind('code', () => (this.verbatim -= 1));
    if (name === 'table') this.endKind('table', () => (this.inTable -= 1));
    this.breakAround(name);
  }

  ontext(text: string): void {
    if (this.inTitle) this.title += text;
    if (this.inTitle || this.unread > 0) return;
    if (this.heading !== null) this.extendHeading(text);
    else if (this.verbatim > 0) this.flow.verbatim(text);
    else this.flow.text(text);
  }

  finish(): void {
    this.endHeading();
    this.builder.append(this.flow.take().trimEnd());
  }

  private openBlock(name: string): void {
    this.breakAround(name);
    const level = headingLevel(name);
    if (level !== undefined) this.beginHeading(level);
    if (name === 'pre' || name === 'table') this.beginKind(name);
    if (name === 'li') this.flow.verbatim('- ');
    if (name === 'tr') this.cells = 0;
    if (CELLS.has(name)) this.beginCell();
  }

  private breakAround(name: string): void {
    if (PARAGRAPHS.has(name) && this.inTable === 0) this.flow.break(2);
    else if (LINES.has(name) && (this.inTable === 0 || name === 'tr')) this.flow.break(1);
    else if (PARAGRAPHS.has(name) || LINES.has(name)) this.flow.text(' ');
  }

  private beginCell(): void {
    if (this.cells > 0) this.flow.text(' | ');
    this.cells += 1;
  }

  private beginHeading(level: number): void {
    this.endHeading();
    this.heading = { level, text: '' };
  }

  private extendHeading(text: string): void {
    if (this.heading === null) return;
    this.heading.text += text;
    if (this.heading.text.length <= LONGEST_HEADING) return;
    this.flow.text(this.heading.text);
    this.heading = null;
  }

  private endHeading(): void {
    const heading = this.heading;
    this.heading = null;
    if (heading === null || heading.text.trim() === '') return;
    this.builder.append(this.flow.take());
    this.builder.startHeading(heading.level, heading.text);
    this.flow.text(heading.text);
    this.flow.break(2);
  }

  private beginKind(name: 'pre' | 'table'): void {
    if (this.inTable + this.verbatim === 0) this.builder.append(this.flow.take());
    if (name === 'pre') this.verbatim += 1;
    else this.inTable += 1;
    if (name === 'table') this.tables += 1;
  }

  private endKind(kind: 'code' | 'table', close: () => void): void {
    const isOpen = kind === 'code' ? this.verbatim > 0 : this.inTable > 0;
    if (!isOpen) return;
    close();
    if (this.inTable + this.verbatim > 0) return;
    this.flow.break(2);
    this.builder.append(this.flow.take(), kind);
  }
}

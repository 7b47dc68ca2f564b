import type { DocumentMetadata, DocumentSection, ParsedDocument } from '../ports/document.js';
import type { ParseLimits } from './limits.js';
import { cleanText } from './text/clean-text.js';
import { tooMuchText } from './unreadable.js';

type Kind = DocumentSection['kind'];

const LONGEST_TITLE = 200;

/** Puts a document together from its beginning to its end. */
export class DocumentBuilder {
  private readonly parts: string[] = [];
  private readonly sections: DocumentSection[] = [];
  private readonly titles: { level: number; title: string }[] = [];
  private page: number | null = null;
  private headings: readonly string[] = [];
  private isNew = true;
  private hasText = false;
  private length = 0;

  constructor(private readonly limits: Pick<ParseLimits, 'maxTextLength' | 'maxSections'>) {}

  /** What follows is on that page, and under no title of an earlier one. */
  startPage(page: number): this {
    this.page = page;
    this.titles.length = 0;
    return this.renewHeadings();
  }

  /** What follows is under this title, and under the earlier ones of a lower level. The text itself is appended. */
  startHeading(level: number, title: string): this {
    while ((this.titles.at(-1)?.level ?? -1) >= level) this.titles.pop();
    const oneLine = title.replace(/\s+/g, ' ').trim().slice(0, LONGEST_TITLE);
    if (oneLine !== '') this.titles.push({ level, title: cleanText(oneLine) });
    return this.renewHeadings();
  }

  append(raw: string, kind: Kind = 'prose'): this {
    const text = cleanText(raw);
    if (text === '') return this;
    this.length += text.length;
    if (this.length > this.limits.maxTextLength) tooMuchText(this.limits.maxTextLength);
    this.parts.push(text);
    this.hasText ||= text.trim() !== '';
    this.extendSections(text.length, kind);
    return this;
  }

  /** Nothing but white space was appended. */
  get isBlank(): boolean {
    return !this.hasText;
  }

  finish(metadata: DocumentMetadata): ParsedDocument {
    return { text: this.parts.join(''), sections: this.sections, metadata };
  }

  private renewHeadings(): this {
    this.headings = this.titles.map(({ title }) => title);
    this.isNew = true;
    return this;
  }

  private extendSections(length: number, kind: Kind): void {
    const last = this.sections.at(-1);
    const start = last?.end ?? 0;
    const isFull = this.sections.length >= this.limits.maxSections;
    if (last !== undefined && (isFull || (!this.isNew && last.kind === kind))) last.end += length;
    else this.sections.push({ start, end: start + length, page: this.page, headings: this.headings, kind });
    this.isNew = false;
  }
}

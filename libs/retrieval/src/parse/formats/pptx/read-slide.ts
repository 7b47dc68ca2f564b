import { readXml } from '../xml/read-xml.js';

export interface SlideText {
  title: string;
  /** The title included, a line for each paragraph and each row of a table. */
  text: string;
}

const TITLE_PLACES: readonly (string | undefined)[] = ['title', 'ctrTitle'];
/** They are on each slide, and say nothing of it. */
const MARGIN_PLACES: readonly (string | undefined)[] = ['sldNum', 'dt', 'ftr', 'hdr', 'sldImg'];

/** The text of a slide or of its notes. */
export function readSlide(xml: string): SlideText {
  const reader = new SlideReader();
  readXml(xml, {
    onOpen: (name, attributes) => reader.open(name, attributes),
    onClose: (name) => reader.close(name),
    onText: (text) => reader.text(text),
  });
  return reader.result();
}

class SlideReader {
  private readonly lines: string[] = [];
  private readonly title: string[] = [];
  private place: string | undefined;
  private line = '';
  private inRun = false;
  private cells: string[] | null = null;

  open(name: string, { type }: Record<string, string>): void {
    if (name === 'p:sp') this.place = undefined;
    if (name === 'p:ph') this.place = type;
    if (name === 'a:t') this.inRun = true;
    if (name === 'a:br') this.line += this.cells === null ? '\n' : ' ';
    if (name === 'a:tr') this.cells = [];
  }

  close(name: string): void {
    if (name === 'a:t') this.inRun = false;
    if (name === 'a:p') this.endParagraph();
    if (name === 'a:tc') this.endCell();
    if (name === 'a:tr') this.endRow();
  }

  text(text: string): void {
    if (this.inRun) this.line += text;
  }

  result(): SlideText {
    return { title: this.title.join(' '), text: this.lines.join('\n') };
  }

  private endParagraph(): void {
    if (this.cells !== null) {
      this.line += ' ';
      return;
    }
    const line = this.line.trim();
    this.line = '';
    if (line === '' || MARGIN_PLACES.includes(this.place)) return;
    if (TITLE_PLACES.includes(this.place)) this.title.push(line);
    this.lines.push(line);
  }

  private endCell(): void {
    this.cells?.push(this.line.trim());
    this.line = '';
  }

  private endRow(): void {
    if (this.cells?.some((cell) => cell !== '')) this.lines.push(this.cells.join(' | '));
    this.cells = null;
  }
}

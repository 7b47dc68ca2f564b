/** Puts text together as a browser lays it out: white space counts as one space, blocks begin lines. */
export class FlowText {
  private readonly parts: string[] = [];
  /** Line ends that are due before the next text. */
  private due = 0;
  /** Line ends that the text ends with; none are needed at its beginning. */
  private written = Infinity;
  private space = false;

  text(raw: string): void {
    const collapsed = raw.replace(/[\s\u00a0]+/g, ' ');
    const words = collapsed.trim();
    this.space ||= collapsed.startsWith(' ');
    if (words === '') return;
    this.beginText();
    this.parts.push(words);
    this.space = collapsed.endsWith(' ');
    this.written = 0;
  }

  /** Text whose white space counts. */
  verbatim(raw: string): void {
    if (raw === '') return;
    this.beginText();
    this.parts.push(raw);
    this.written = /\n*$/.exec(raw.slice(-2))?.[0].length ?? 0;
  }

  /** What follows begins so many lines below, at least. */
  break(lines: number): void {
    this.due = Math.max(this.due, lines);
    this.space = false;
  }

  /** What there is so far, with the line ends that are due. The flow goes on from there. */
  take(): string {
    this.endLines();
    return this.parts.splice(0).join('');
  }

  private beginText(): void {
    this.endLines();
    if (this.space && this.written === 0) this.parts.push(' ');
    this.space = false;
  }

  private endLines(): void {
    const missing = this.due - this.written;
    this.due = 0;
    if (missing <= 0) return;
    this.parts.push('\n'.repeat(missing));
    this.written += missing;
  }
}

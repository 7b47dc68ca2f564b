const NEWLINE = 0x0a;

/** Cuts a byte stream into lines. A line longer than the cap is dropped whole, without being kept in memory. */
export class LineSplitter {
  private parts: Buffer[] = [];
  private length = 0;
  private dropping = false;

  constructor(private readonly maxLineBytes: number) {}

  /** The lines that this chunk completes, without their newlines. */
  push(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.keep(chunk.subarray(start, end));
      if (!this.dropping) {
        lines.push(this.parts.length === 1 ? (this.parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.parts));
      }
      this.forget();
      this.dropping = false;
      start = end + 1;
    }
    this.keep(chunk.subarray(start));
    return lines;
  }

  private keep(part: Buffer): void {
    if (this.dropping) return;
    this.length += part.length;
    if (this.length > this.maxLineBytes) {
      this.forget();
      this.dropping = true;
    } else if (part.length > 0) {
      this.parts.push(part);
    }
  }

  private forget(): void {
    this.parts = [];
    this.length = 0;
  }
}

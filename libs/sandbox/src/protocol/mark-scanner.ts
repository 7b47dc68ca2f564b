/** Finds the mark that a kernel writes to an output stream at a call's end, and passes on what is not the mark. */
export class MarkScanner {
  private held: Buffer = Buffer.alloc(0);
  private found = false;

  constructor(private readonly mark: Buffer) {}

  get done(): boolean {
    return this.found;
  }

  /** The bytes that are surely output. A possible beginning of the mark is held back until more arrives. */
  push(chunk: Buffer): Buffer {
    if (this.found) return chunk;
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const at = bytes.indexOf(this.mark);
    if (at !== -1) {
      this.found = true;
      this.held = Buffer.alloc(0);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + this.mark.length)]);
    }
    const keep = this.beginningAtEnd(bytes);
    this.held = bytes.subarray(bytes.length - keep);
    return bytes.subarray(0, bytes.length - keep);
  }

  /** What was held back, once no more can come. */
  flush(): Buffer {
    const rest = this.held;
    this.held = Buffer.alloc(0);
    return rest;
  }

  private beginningAtEnd(bytes: Buffer): number {
    for (let length = Math.min(this.mark.length - 1, bytes.length); length > 0; length -= 1) {
      if (bytes.subarray(bytes.length - length).equals(this.mark.subarray(0, length))) return length;
    }
    return 0;
  }
}

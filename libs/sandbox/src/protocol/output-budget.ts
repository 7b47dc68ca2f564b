import { StringDecoder } from 'node:string_decoder';

/** Holds one call's stdout, stderr and result together to a number of UTF-8 bytes. */
export class OutputBudget {
  private left: number;
  private exceeded = false;

  constructor(maxBytes: number) {
    this.left = maxBytes;
  }

  /** Whether anything was cut. */
  get cut(): boolean {
    return this.exceeded;
  }

  /** The beginning of the text that still fits; never half a character. */
  take(text: string): string {
    const bytes = Buffer.byteLength(text);
    if (bytes <= this.left) {
      this.left -= bytes;
      return text;
    }
    this.exceeded = true;
    // A StringDecoder keeps an incomplete last character to itself.
    const kept = new StringDecoder('utf8').write(Buffer.from(text).subarray(0, this.left));
    this.left = 0;
    return kept;
  }
}

/** A byte stream that is read by lines and, where a line says so, by a number of bytes. */
export class Input {
  #reader;
  #decoder = new TextDecoder();
  #rest = new Uint8Array(0);

  constructor(stream) {
    this.#reader = stream.getReader();
  }

  /** The next line; undefined at the end. */
  async line() {
    const parts = [];
    for (;;) {
      const end = this.#rest.indexOf(10);
      if (end !== -1) {
        parts.push(this.#rest.subarray(0, end));
        this.#rest = this.#rest.subarray(end + 1);
        return parts.map((part) => this.#decoder.decode(part, { stream: true })).join('') + this.#decoder.decode();
      }
      parts.push(this.#rest);
      if (!(await this.#refill())) return undefined;
    }
  }

  /** The next bytes, as many as are wanted. */
  async bytes(count) {
    const bytes = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      if (this.#rest.length === 0 && !(await this.#refill())) throw new Error('The input ended early.');
      const part = this.#rest.subarray(0, count - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return bytes;
  }

  async #refill() {
    const { value, done } = await this.#reader.read();
    this.#rest = value ?? new Uint8Array(0);
    return !done;
  }
}

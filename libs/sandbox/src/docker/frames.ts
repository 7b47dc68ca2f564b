const HEADER_BYTES = 8;
const LENGTH_AT = 4;

export interface Frame {
  channel: number;
  /** A part of the frame's bytes, as it arrives: never more is kept than a header. */
  data: Buffer;
  /** Whether the frame ends with this part. */
  isLast: boolean;
}

/**
 * Cuts a stream into frames: channel (1 byte), three bytes that mean nothing, length (4 bytes, big-endian), data.
 * The Docker Engine API frames an attached container's output so ("Stream format"), and the relay in the container
 * frames the kernel's streams so once more within.
 */
export class FrameSplitter {
  private header: Buffer = Buffer.alloc(0);
  private channel = 0;
  private left = 0;

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.left === 0) {
        const part = chunk.subarray(at, at + HEADER_BYTES - this.header.length);
        at += part.length;
        if (this.takeHeader(part)) frames.push({ channel: this.channel, data: Buffer.alloc(0), isLast: true });
        continue;
      }
      const data = chunk.subarray(at, at + this.left);
      at += data.length;
      this.left -= data.length;
      frames.push({ channel: this.channel, data, isLast: this.left === 0 });
    }
    return frames;
  }

  /** Whether an empty frame is complete with it. */
  private takeHeader(part: Buffer): boolean {
    this.header = Buffer.concat([this.header, part]);
    if (this.header.length < HEADER_BYTES) return false;
    this.channel = this.header.readUInt8(0);
    this.left = this.header.readUInt32BE(LENGTH_AT);
    this.header = Buffer.alloc(0);
    return this.left === 0;
  }
}

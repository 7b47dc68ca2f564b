const HEADER_BYTES = 8;

/** A message on a pipe: JSON, and bytes beside it. */
export interface Frame {
  head: unknown;
  body: Buffer;
}

export interface FrameLimits {
  maxHeadBytes: number;
  maxBodyBytes: number;
}

/** The bytes of a frame that precede its body. */
export function encodeHead(head: unknown, bodyBytes: number): Buffer {
  const json = Buffer.from(JSON.stringify(head), 'utf8');
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(json.length, 0);
  header.writeUInt32BE(bodyBytes, 4);
  return Buffer.concat([header, json]);
}

/** Puts frames together from what a pipe brings. Nothing larger than the limits is kept. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private bytes = 0;
  private wanted: { head: number; body: number } | null = null;

  constructor(private readonly limits: FrameLimits) {}

  /** @throws Error where a frame exceeds the limits or its head is no JSON */
  push(chunk: Buffer): Frame | null {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.wanted === null && this.bytes >= HEADER_BYTES) this.readHeader();
    if (this.wanted === null || this.bytes < HEADER_BYTES + this.wanted.head + this.wanted.body) return null;
    return this.takeFrame(this.wanted);
  }

  private readHeader(): void {
    const start = this.joined();
    this.wanted = { head: start.readUInt32BE(0), body: start.readUInt32BE(4) };
    if (this.wanted.head > this.limits.maxHeadBytes || this.wanted.body > this.limits.maxBodyBytes) {
      throw new FrameTooLargeError(`A message of ${this.wanted.head} and ${this.wanted.body} bytes is too large.`);
    }
  }

  private takeFrame({ head, body }: { head: number; body: number }): Frame {
    const all = this.joined();
    const bodyStart = HEADER_BYTES + head;
    const rest = all.subarray(bodyStart + body);
    this.chunks = rest.length === 0 ? [] : [Buffer.from(rest)];
    this.bytes = rest.length;
    this.wanted = null;
    const json: unknown = JSON.parse(all.toString('utf8', HEADER_BYTES, bodyStart));
    return { head: json, body: all.subarray(bodyStart, bodyStart + body) };
  }

  private joined(): Buffer {
    const all = Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }
}

export class FrameTooLargeError extends Error {}

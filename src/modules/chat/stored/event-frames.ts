const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A frame that grows beyond this is given out in pieces. */
const LONGEST_FRAME_BYTES = 4 * 1024 * 1024;

/** Cuts a byte stream into the frames of server-sent events, each with the blank line that ends it. No byte is lost. */
export class EventFrames {
  private pending: Buffer = Buffer.alloc(0);

  /** The frames that the chunk completes. */
  push(chunk: Buffer): Buffer[] {
    let rest = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    const frames: Buffer[] = [];
    for (let end = endOfFrame(rest); end > 0; end = endOfFrame(rest)) {
      frames.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    if (rest.length > LONGEST_FRAME_BYTES) {
      frames.push(rest);
      rest = Buffer.alloc(0);
    }
    this.pending = rest;
    return frames;
  }

  /** What came after the last frame. */
  rest(): Buffer {
    const { pending } = this;
    this.pending = Buffer.alloc(0);
    return pending;
  }
}

/** The length of the first frame, its blank line included; 0 where none is complete. */
function endOfFrame(bytes: Buffer): number {
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    if (bytes[at + 1] === LINE_FEED) return at + 2;
    if (bytes[at + 1] === CARRIAGE_RETURN && bytes[at + 2] === LINE_FEED) return at + 3;
  }
  return 0;
}

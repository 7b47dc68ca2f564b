import { isPlainObject } from '../../../common/validation/index.js';
import { CompletionAssembler } from './completion-assembler.js';
import { EventFrames } from './event-frames.js';

/** An answer's bytes on their way to the client: read, and given the id under which the answer is kept. */
export interface AnswerReader {
  /** What of it, or of what came before, goes to the client now. */
  take(chunk: Buffer): Buffer;
  /** The bytes left to send, and the answer; without one where it cannot be kept. */
  finish(): { rest: Buffer; completion?: Record<string, unknown> | undefined };
}

/** The largest answer that is kept, in bytes of JSON. */
export const MOST_KEPT_BYTES = 4 * 1024 * 1024;

/** A stream has a frame for each token, many times the size of the answer. */
const MOST_STREAMED_BYTES = 16 * MOST_KEPT_BYTES;

const NOTHING = Buffer.alloc(0);
const DATA = 'data:';

/** An answer in one JSON body. It is held until it is whole, so that a client that has it finds it kept. */
export class WholeAnswer implements AnswerReader {
  private held: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly id: string) {}

  take(chunk: Buffer): Buffer {
    this.bytes += chunk.length;
    this.held.push(chunk);
    return this.bytes > MOST_KEPT_BYTES ? this.release() : NOTHING;
  }

  finish(): ReturnType<AnswerReader['finish']> {
    const rest = this.release();
    const answer = this.bytes > MOST_KEPT_BYTES ? undefined : parseObject(rest.toString('utf8'));
    if (!answer || !Array.isArray(answer['choices'])) return { rest };
    const completion = { ...answer, id: this.id };
    return { rest: Buffer.from(JSON.stringify(completion)), completion };
  }

  private release(): Buffer {
    const all = Buffer.concat(this.held);
    this.held = [];
    return all;
  }
}

/** A streamed answer. Every frame goes on at once; what is no chunk goes on as it came. */
export class StreamedAnswer implements AnswerReader {
  private readonly frames = new EventFrames();
  private readonly assembler = new CompletionAssembler();
  private bytes = 0;

  constructor(private readonly id: string) {}

  take(chunk: Buffer): Buffer {
    this.bytes += chunk.length;
    return Buffer.concat(this.frames.push(chunk).map((frame) => this.read(frame)));
  }

  finish(): ReturnType<AnswerReader['finish']> {
    const rest = this.read(this.frames.rest());
    const completion = this.bytes > MOST_STREAMED_BYTES ? undefined : this.assembler.build();
    return { rest, completion: completion && { ...completion, id: this.id } };
  }

  private read(frame: Buffer): Buffer {
    const text = frame.toString('utf8');
    if (!text.startsWith(DATA)) return frame;
    const data = text.slice(DATA.length);
    const chunk = parseObject(data);
    if (!chunk) {
      if (data.trim() !== '[DONE]') this.assembler.fail();
      return frame;
    }
    if (this.bytes <= MOST_STREAMED_BYTES) this.assembler.add(chunk);
    if (!Array.isArray(chunk['choices'])) return frame;
    return Buffer.from(`data: ${JSON.stringify({ ...chunk, id: this.id })}\n\n`);
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

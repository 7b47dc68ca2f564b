import type { SpanAttributes } from '@libs/agent';
import { isPlainObject } from '../../common/validation/index.js';

/** Bytes of a stream's end, where its last frames tell why it ended and what it used. */
const LENGTH_OF_END = 16 * 1024;
/** Bytes; a longer answer in one piece is not read. */
const LONGEST_WHOLE = 4 * 1024 * 1024;

/** What a chat completion in OpenAI's dialect tells of itself, read from its bytes once all have come. */
export class AnswerFacts {
  private readonly isStream: boolean;
  private readonly isReadable: boolean;
  private chunks: Buffer[] = [];
  private bytes = 0;

  constructor(headers: Readonly<Record<string, string>>) {
    this.isStream = headers['content-type']?.startsWith('text/event-stream') ?? false;
    this.isReadable = (headers['content-encoding'] ?? 'identity') === 'identity';
  }

  /** Keeps what may be needed of it, and copies nothing. */
  keep(chunk: Buffer): void {
    if (!this.isReadable) return;
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.isStream) this.dropBeginning();
    else if (this.bytes > LONGEST_WHOLE) this.chunks = [];
  }

  /** Why each choice ended, and the tokens; without what the answer does not tell. */
  read(): SpanAttributes {
    const text = Buffer.concat(this.chunks).toString('utf8');
    const parts = this.isStream ? framesIn(text) : [parse(text)];
    const reasons = new Map<unknown, string>();
    let attributes: SpanAttributes = {};
    for (const part of parts) {
      if (!isPlainObject(part)) continue;
      for (const choice of choicesOf(part)) {
        const { index, finish_reason: reason } = choice;
        if (typeof reason === 'string') reasons.set(index, reason);
      }
      attributes = { ...attributes, ...tokensOf(part['usage']) };
    }
    return reasons.size === 0 ? attributes : { ...attributes, 'gen_ai.response.finish_reasons': [...reasons.values()] };
  }

  private dropBeginning(): void {
    for (let first = this.chunks[0]; first && this.bytes - first.length >= LENGTH_OF_END; first = this.chunks[0]) {
      this.chunks.shift();
      this.bytes -= first.length;
    }
  }
}

function framesIn(text: string): unknown[] {
  return text.split('\n').flatMap((line) => (line.startsWith('data:') ? [parse(line.slice('data:'.length))] : []));
}

function choicesOf({ choices }: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(choices) ? choices.filter(isPlainObject) : [];
}

function tokensOf(usage: unknown): SpanAttributes {
  if (!isPlainObject(usage)) return {};
  const { prompt_tokens: input, completion_tokens: output } = usage;
  return {
    ...(typeof input === 'number' && { 'gen_ai.usage.input_tokens': input }),
    ...(typeof output === 'number' && { 'gen_ai.usage.output_tokens': output }),
  };
}

/** Undefined for what is no JSON, such as a stream's `[DONE]` or a frame that is cut. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

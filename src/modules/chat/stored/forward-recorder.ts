import { newId } from '@libs/kernel';
import type { ForwardTap } from '../chat-forward.js';
import { StreamedAnswer, WholeAnswer, type AnswerReader } from './answer-readers.js';
import type { CompletionRecording } from './completion-recording.js';

/** Their values are of the bytes as the model server sent them. */
const HEADERS_OF_THE_BYTES = new Set(['content-length', 'etag', 'digest', 'content-digest', 'content-md5']);

/**
 * Keeps a forwarded answer on its way. The client gets it under an id of ours: those of model servers may be short
 * (Ollama's have three digits) and so name several answers.
 */
export class ForwardRecorder implements ForwardTap {
  private reader: AnswerReader | undefined;

  constructor(private readonly recording: CompletionRecording) {}

  start(headers: Record<string, string>): Record<string, string> {
    this.reader = makeReader(headers);
    if (!this.reader) return headers;
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !HEADERS_OF_THE_BYTES.has(name)));
  }

  take(chunk: Buffer): Buffer {
    return this.reader?.take(chunk) ?? chunk;
  }

  async finish(): Promise<Buffer> {
    const { rest, completion } = this.reader?.finish() ?? { rest: Buffer.alloc(0) };
    await this.recording.save(completion);
    return rest;
  }
}

/** Undefined for an answer in a form that cannot be read here, such as a compressed one. */
function makeReader(headers: Record<string, string>): AnswerReader | undefined {
  const type = headers['content-type'] ?? '';
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return undefined;
  if (type.startsWith('text/event-stream')) return new StreamedAnswer(newId('chatCompletion'));
  if (type.startsWith('application/json')) return new WholeAnswer(newId('chatCompletion'));
  return undefined;
}

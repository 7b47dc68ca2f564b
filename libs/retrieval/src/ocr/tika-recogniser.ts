import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { errorMessage } from '@libs/kernel';
import { request, type Dispatcher } from 'undici';
import { DEFAULT_PARSE_LIMITS } from '../parse/limits.js';
import type { ParsedDocument, ParseRequest } from '../ports/document.js';
import { RecognitionUnavailableError, type TextRecogniser } from '../ports/text-recogniser.js';
import { UnreadableDocumentError } from '../ports/unreadable-document-error.js';
import { RecognisedText } from './recognised-text.js';

export interface TikaOptions {
  /** The server's root, such as http://tika:9998. */
  url: string;
  /** For one file, in milliseconds. */
  timeLimitMs: number;
  /** Tesseract's names, such as `eng+deu`; absent: as the server is set. */
  languages?: string | undefined;
  maxFileBytes?: number;
  /** Of the answer. */
  maxAnswerBytes?: number;
}

const MIB = 1024 * 1024;
const MAX_FILE_BYTES = 64 * MIB;
const MAX_ANSWER_BYTES = 64 * MIB;
/** Answers by which a server says that it is the server's matter, not the file's. */
const NOT_THE_FILE = new Set([401, 403, 404, 405, 408, 429]);
const FIRST_SERVER_ERROR = 500;
const NOTHING_FOUND = 'Text recognition found no text in the file.';

/**
 * Has an Apache Tika server recognise text: `PUT /tika`, as its documentation describes it. It is asked for XHTML, in
 * which pages are told apart, and to look at every page as a picture.
 */
export class TikaRecogniser implements TextRecogniser {
  private readonly url: string;
  private readonly headers: Record<string, string>;

  constructor(private readonly options: TikaOptions) {
    this.url = `${options.url.replace(/\/+$/, '')}/tika`;
    const seconds = String(Math.ceil(options.timeLimitMs / 1000));
    this.headers = {
      accept: 'text/html',
      'x-tika-pdfocrstrategy': 'ocr_only',
      'x-tika-ocrtimeoutseconds': seconds,
      'x-tika-timeout-millis': String(options.timeLimitMs),
      ...(options.languages === undefined ? {} : { 'x-tika-ocrlanguage': options.languages }),
    };
  }

  async recognise({ path, signal }: ParseRequest): Promise<ParsedDocument> {
    const { size } = await stat(path);
    const { maxFileBytes = MAX_FILE_BYTES, timeLimitMs } = this.options;
    if (size > maxFileBytes) {
      fail(
        'invalid_file',
        `The file is larger than ${Math.floor(maxFileBytes / MIB)} MiB, the most for text recognition.`,
      );
    }
    const limit = AbortSignal.timeout(timeLimitMs);
    try {
      return await this.ask(path, size, signal === undefined ? limit : AbortSignal.any([signal, limit]));
    } catch (error) {
      signal?.throwIfAborted();
      if (limit.aborted) {
        fail('server_error', `Text recognition took longer than ${Math.ceil(timeLimitMs / 1000)} seconds.`, error);
      }
      if (error instanceof UnreadableDocumentError || error instanceof RecognitionUnavailableError) throw error;
      throw new RecognitionUnavailableError('The service for text recognition does not answer.', { cause: error });
    }
  }

  private async ask(path: string, size: number, signal: AbortSignal): Promise<ParsedDocument> {
    const content = createReadStream(path);
    try {
      const { statusCode, body } = await request(this.url, {
        method: 'PUT',
        // Tika finds out for itself what the file is; names and claims of strangers do not help it.
        headers: { ...this.headers, 'content-type': 'application/octet-stream', 'content-length': String(size) },
        body: content,
        signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      if (statusCode === 200) return await this.read(body);
      await body.dump().catch(() => undefined);
      return refuse(statusCode);
    } finally {
      content.destroy();
    }
  }

  private async read(body: Dispatcher.BodyMixin & AsyncIterable<Buffer>): Promise<ParsedDocument> {
    const { maxAnswerBytes = MAX_ANSWER_BYTES } = this.options;
    const decoder = new TextDecoder();
    const reader = new RecognisedText(DEFAULT_PARSE_LIMITS);
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxAnswerBytes) fail('invalid_file', 'The file holds more text than is allowed.');
      reader.write(decoder.decode(chunk, { stream: true }));
    }
    reader.write(decoder.decode());
    const found = reader.finish();
    if (found === null) return fail('invalid_file', NOTHING_FOUND);
    const { pages, ...document } = found;
    return { ...document, metadata: { category: 'document', text_recognition: true, ...(pages > 0 ? { pages } : {}) } };
  }
}

function refuse(status: number): never {
  if (status === 204) fail('invalid_file', NOTHING_FOUND);
  if (status >= FIRST_SERVER_ERROR || NOT_THE_FILE.has(status) || status < 400) {
    throw new RecognitionUnavailableError(`The service for text recognition failed (status ${status}).`);
  }
  fail('invalid_file', `The service for text recognition could not read the file (status ${status}).`);
}

function fail(reason: 'invalid_file' | 'server_error', sentence: string, cause?: unknown): never {
  throw new UnreadableDocumentError(reason, sentence, cause === undefined ? {} : { cause: errorMessage(cause) });
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create as contentDisposition } from 'content-disposition';
import { WireError } from '@libs/openai-wire';
import type { ByteRange } from '../../../storage/blob-store.js';
import { parseByteRange } from './byte-range.js';
import { isRasterImage, servedMediaType } from './media-type.js';

export interface SendableContent {
  /** Shown to whoever saves it. */
  filename: string;
  bytes: number;
  sha256: string;
  open(range?: ByteRange): Promise<Readable>;
}

export interface SendOptions {
  /** Whether pictures may be shown in place. */
  inlineImages: boolean;
}

/**
 * Answers with a file's bytes, or the one range asked for, so that no browser takes them for a page of ours. Streams.
 * Throws a 416 WireError, and what `open` throws, before the first byte; a stream that breaks later ends the connection.
 */
export async function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  content: SendableContent,
  options: SendOptions,
): Promise<void> {
  const range = parseByteRange(request.headers.range, content.bytes);
  if (range === 'unsatisfiable') throw rangeNotSatisfiable(content.bytes);
  const stream = request.method === 'HEAD' ? undefined : await openRange(content, range);
  response.statusCode = range === 'whole' ? 200 : 206;
  for (const [name, value] of Object.entries(contentHeaders(content, range, options))) response.setHeader(name, value);
  if (stream === undefined) {
    response.end();
    return;
  }
  try {
    await pipeline(stream, response);
  } catch {
    response.destroy();
  }
}

function openRange(content: SendableContent, range: ByteRange | 'whole'): Promise<Readable> {
  return range === 'whole' ? content.open() : content.open(range);
}

function contentHeaders(
  content: SendableContent,
  range: ByteRange | 'whole',
  options: SendOptions,
): Record<string, string> {
  const inline = options.inlineImages && isRasterImage(content.filename);
  const { start, end } = range === 'whole' ? { start: 0, end: content.bytes - 1 } : range;
  return {
    'content-type': servedMediaType(content.filename),
    'content-disposition': contentDisposition(content.filename, { type: inline ? 'inline' : 'attachment' }),
    'content-length': String(end - start + 1),
    ...(range === 'whole' ? {} : { 'content-range': `bytes ${start}-${end}/${content.bytes}` }),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    etag: `"${content.sha256}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'referrer-policy': 'no-referrer',
  };
}

function rangeNotSatisfiable(bytes: number): WireError {
  return new WireError(416, 'The requested range lies outside the file.', {
    headers: { 'content-range': `bytes */${bytes}` },
  });
}

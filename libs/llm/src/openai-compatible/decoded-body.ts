import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';

const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** The body without the compression that a proxy put on it although nobody asked for any. */
export function decodedBody({ body, headers }: Pick<Dispatcher.ResponseData, 'body' | 'headers'>): Readable {
  const encoding = String(headers['content-encoding'] ?? '').toLowerCase();
  const decoder = DECODERS.get(encoding.trim())?.();
  if (!decoder) return body;
  // What goes wrong is told to whoever reads the decoder.
  pipeline(body, decoder, () => undefined);
  return decoder.on('error', () => undefined);
}

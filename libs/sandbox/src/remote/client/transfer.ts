import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { SandboxError } from '../../ports/sandbox-provider.js';
import { toSandboxError } from './host-failure.js';
import { toFailure } from './host-link.js';

/** Content on its way to a host, as much as a workspace holds. */
export async function* bounded(content: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new SandboxError('The file is larger than the workspace.');
    yield chunk;
  }
}

/** A file on its way from a host. It has the size that was told, or reading it fails. */
export function receivedFile(
  { headers, body }: Dispatcher.ResponseData,
  mostBytes: number,
): { bytes: number; stream: Readable } {
  const bytes = Number(headers['content-length']);
  if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > mostBytes) {
    body.on('error', () => undefined).destroy();
    throw new SandboxError('The file is larger than a workspace may be.');
  }
  return { bytes, stream: Readable.from(checked(body, bytes), { objectMode: false }) };
}

async function* checked(body: AsyncIterable<Buffer>, wanted: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > wanted) break;
      yield chunk;
    }
  } catch (error) {
    throw toSandboxError(toFailure(error, 'The host'));
  }
  if (bytes !== wanted) throw new SandboxError('The sandbox host sent another file than it told of.');
}

import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { errorMessage } from '@libs/kernel';
import { UnreadableDocumentError } from '../../ports/unreadable-document-error.js';
import { parseFile } from '../parse-file.js';
import { encodeHead, FrameReader, type Frame } from './frame.js';
import type { ReplyHead, RequestHead } from './messages.js';
import { cutNetwork } from './cut-network.js';

const REPLY_DESCRIPTOR = 3;

/** The server's own limits come with the request. */
const NO_LIMITS = { maxHeadBytes: Infinity, maxBodyBytes: Infinity };

async function answer({ head, body }: Frame): Promise<Buffer[]> {
  const { filename, limits } = head as RequestHead;
  try {
    const { text, sections, metadata } = await parseFile({ bytes: body, filename }, limits);
    const encoded = Buffer.from(text, 'utf8');
    return [encodeHead({ type: 'document', sections, metadata } satisfies ReplyHead, encoded.length), encoded];
  } catch (error) {
    return [encodeHead(refusal(error), 0)];
  }
}

function refusal(error: unknown): ReplyHead {
  if (error instanceof UnreadableDocumentError) {
    const { reason, message, isPicture } = error;
    return { type: 'unreadable', reason, message, isPicture };
  }
  return { type: 'broken', message: errorMessage(error) };
}

/** Files come one after another: the next one is sent when the last one was answered. */
function serve(replies: Writable): void {
  const reader = new FrameReader(NO_LIMITS);
  process.stdin.on('data', (chunk: Buffer) => {
    const frame = reader.push(chunk);
    if (frame === null) return;
    void answer(frame).then((parts) => {
      for (const part of parts) replies.write(part);
    });
  });
  process.stdin.once('end', () => process.exit(0));
}

// A promise that a library forgot, of a file that was answered long ago.
process.on('unhandledRejection', () => process.exit(1));
serve(new Socket({ fd: REPLY_DESCRIPTOR, readable: false, writable: true }));
cutNetwork();

import type { ServerResponse } from 'node:http';
import type { ServedModel } from '@libs/llm';
import { readModelServerError } from '@libs/llm';
import { bearProcessingTime } from '../../common/http/index.js';

export type Forward = NonNullable<ServedModel['forward']>;

const LONGEST_ERROR_BYTES = 64 * 1024;

/** Something that an answer passes through on its way to the client. */
export interface ForwardTap {
  /** The headers to send. */
  start(headers: Record<string, string>): Record<string, string>;
  /** The bytes to send now. */
  take(chunk: Buffer): Buffer;
  /** The last bytes to send. Never rejects. */
  finish(): Promise<Buffer>;
}

/**
 * Pipes a model server's answer to the client as it arrives. An error answer is put into the wire's envelope: the servers'
 * own shapes differ. Rejects when the server fails before the answer began; afterwards the connection can only be cut. Sends nothing for a
 * client that has left.
 */
export function forwardAnswer(
  forward: Forward,
  request: { path: string; body: Buffer },
  response: ServerResponse,
  tap?: ForwardTap,
): Promise<void> {
  // No event will tell of a client that has left already, and the server's slot would be held for nobody.
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const aborted = new AbortController();
    response.on('close', () => {
      // Aborting makes an error with its stack, which costs more than all of the above.
      if (!response.writableFinished) aborted.abort();
      resolve();
    });
    let errorBody: { status: number; headers: Record<string, string>; chunks: Buffer[]; bytes: number } | null = null;
    const requestId = response.getHeader('x-request-id');
    forward(
      {
        ...request,
        signal: aborted.signal,
        ...(typeof requestId === 'string' && { context: { runId: requestId } }),
      },
      {
        onStart(status, headers, resume) {
          if (status >= 400) {
            errorBody = { status, headers, chunks: [], bytes: 0 };
            return;
          }
          response.on('drain', resume);
          startAnswer(response, status, tap ? tap.start(headers) : headers);
        },
        onData(chunk) {
          if (!errorBody) return response.write(tap ? tap.take(chunk) : chunk);
          if (errorBody.bytes < LONGEST_ERROR_BYTES) errorBody.chunks.push(chunk);
          errorBody.bytes += chunk.length;
          return true;
        },
        onEnd() {
          if (!errorBody) {
            if (tap) void tap.finish().then((rest) => response.end(rest));
            else response.end();
            return;
          }
          const { status, headers, chunks } = errorBody;
          reject(readModelServerError({ status, headers, body: Buffer.concat(chunks).toString('utf8') }));
        },
        onError(error) {
          reject(error);
        },
      },
    );
  });
}

/** The head goes out with the first bytes where they have come with it, and else by itself: clients wait for it. */
function startAnswer(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  bearProcessingTime(response);
  setImmediate(() => {
    if (!response.headersSent && !response.destroyed) response.flushHeaders();
  });
}

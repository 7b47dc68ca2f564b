import type { ModelServer } from '@libs/llm';
import { readModelServerError } from '@libs/llm';
import type { Response } from 'express';

const LONGEST_ERROR_BYTES = 64 * 1024;

/**
 * Pipes a model server's answer to the client as it arrives. An error answer is put into the wire's envelope: the servers'
 * own shapes differ. Rejects when the server fails before the answer began; afterwards it can only cut the connection.
 */
export function forwardAnswer(
  forward: NonNullable<ModelServer['forward']>,
  request: { path: string; body: Buffer },
  response: Response,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = new AbortController();
    response.on('close', () => {
      aborted.abort();
      resolve();
    });
    let errorBody: { status: number; headers: Record<string, string>; chunks: Buffer[]; bytes: number } | null = null;
    forward(
      { ...request, signal: aborted.signal },
      {
        onStart(status, headers, resume) {
          if (status >= 400) {
            errorBody = { status, headers, chunks: [], bytes: 0 };
            return;
          }
          response.on('drain', resume);
          response.status(status).set(headers);
          response.flushHeaders();
        },
        onData(chunk) {
          if (!errorBody) return response.write(chunk);
          if (errorBody.bytes < LONGEST_ERROR_BYTES) errorBody.chunks.push(chunk);
          errorBody.bytes += chunk.length;
          return true;
        },
        onEnd() {
          if (!errorBody) {
            response.end();
            return;
          }
          const { status, headers, chunks } = errorBody;
          reject(readModelServerError({ status, headers, body: Buffer.concat(chunks).toString('utf8') }));
        },
        onError(error) {
          if (response.headersSent) response.destroy();
          reject(error);
        },
      },
    );
  });
}

import type { ServerResponse } from 'node:http';

/** Aborts when the client goes away before its answer is whole. Made before the first wait, it misses no departure. */
export function clientLeft(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  if (response.destroyed) left.abort();
  // Aborting makes an error with its stack, which an answer that went well need not pay for.
  response.on('close', () => {
    if (!response.writableFinished) left.abort();
  });
  return left.signal;
}

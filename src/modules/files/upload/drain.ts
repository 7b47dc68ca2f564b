import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 2 * 1024 * 1024 * 1024;
const MOST_MS = 120_000;

/**
 * Reads what a client still sends and throws it away, so that it comes to read the answer: closing the connection
 * meanwhile would make the client's system drop an answer that is already there. A client that does not come to an
 * end is cut off.
 */
export function drain(request: IncomingMessage): void {
  // One that has arrived whole shares its connection with the client's next requests.
  if (request.complete) {
    request.resume();
    return;
  }
  let bytes = 0;
  const timer = setTimeout(() => request.complete || request.destroy(), MOST_MS);
  timer.unref();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) request.destroy();
  });
  request.once('close', () => clearTimeout(timer));
  request.on('error', () => undefined);
  request.resume();
}

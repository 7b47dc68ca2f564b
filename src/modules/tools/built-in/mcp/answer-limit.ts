/** Of one message of a server, and of its list of tools: far more than any model could read. */
export const MOST_ANSWER_BYTES = 10 * 1024 * 1024;

/** A server sent more at once than is read of it. What it was asked is lost, and so is the connection. */
export class AnswerTooLargeError extends Error {
  constructor() {
    super(`It sent more than ${MOST_ANSWER_BYTES / 1024 / 1024} MB at once.`);
    this.name = 'AnswerTooLargeError';
  }
}

/** Whether an error that a transport tells of is that. The SDK has no class for it. */
export function isTooLarge(error: Error): boolean {
  return error instanceof AnswerTooLargeError || error.message.startsWith('ReadBuffer exceeded maximum size');
}

/**
 * An answer over HTTP that fails where it is too large: of a body all of it counts, of a stream of events each one.
 *
 * @param onTooLarge is told at once: who reads a stream may wait for more of it
 */
export function withLimit(response: Response, onTooLarge: (error: AnswerTooLargeError) => void): Response {
  if (!response.body) return response;
  const isStream = response.headers.get('content-type')?.includes('text/event-stream') ?? false;
  let bytes = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes = isStream && endsEvent(chunk) ? 0 : bytes + chunk.byteLength;
      if (bytes <= MOST_ANSWER_BYTES) {
        controller.enqueue(chunk);
        return;
      }
      const error = new AnswerTooLargeError();
      controller.error(error);
      onTooLarge(error);
    },
  });
  return new Response(response.body.pipeThrough(counting), response);
}

/** Whether an empty line, which ends an event, is in the chunk. One that is cut in two is missed; the next one counts. */
function endsEvent(chunk: Uint8Array): boolean {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return ['\n\n', '\r\n\r\n', '\r\r'].some((end) => bytes.includes(end));
}

import type { IncomingMessage } from 'node:http';

/** A body just arrived. It was not taken yet: it may still be given back, within the same call. */
export interface WholeBody {
  bytes: Buffer;
  /** Makes the request as if nobody had read it. */
  giveBack: () => void;
}

/** Reads a body of the given length. `onWhole` is never called for one that does not arrive whole. */
export function readWholeBody(request: IncomingMessage, length: number, onWhole: (body: WholeBody) => void): void {
  const chunks: Buffer[] = [];
  let received = 0;
  const onReadable = (): void => {
    let chunk = request.read() as Buffer | null;
    for (; chunk !== null; chunk = request.read() as Buffer | null) {
      chunks.push(chunk);
      received += chunk.length;
    }
    if (received < length) return;
    request.off('readable', onReadable);
    const [first = Buffer.alloc(0), ...rest] = chunks;
    const bytes = rest.length === 0 ? first : Buffer.concat(chunks);
    onWhole({ bytes, giveBack: () => request.unshift(bytes) });
  };
  // Other than `data`, this leaves a stream that is given back in the state in which it was found.
  request.on('readable', onReadable);
}

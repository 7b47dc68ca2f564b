import type { ServerResponse } from 'node:http';
import { toAbortSignal, type Cancellation } from '@libs/kernel';

/** A client that goes away before its answer is whole. Made before the first wait, it misses no departure. */
export class ClientDeparture implements Cancellation {
  aborted: boolean;
  readonly #listeners = new Set<() => void>();

  constructor(response: ServerResponse) {
    this.aborted = response.destroyed;
    response.on('close', () => {
      if (!response.writableFinished) this.#tell();
    });
  }

  /** Made when asked for: an error takes a stack, which an answer that went well need not pay for. */
  get reason(): Error {
    return new DOMException('The client went away.', 'AbortError');
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  #tell(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.#listeners) listener();
  }
}

/** The same as a signal. */
export function clientLeft(response: ServerResponse): AbortSignal {
  return toAbortSignal(new ClientDeparture(response));
}

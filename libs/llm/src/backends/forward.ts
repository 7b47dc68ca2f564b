import type { Cancellation } from '@libs/kernel';
import type { Dispatcher } from 'undici';
import { isRedirect, mapErrorAnswer } from '../openai-compatible/error-mapping.js';
import { toModelError } from '../openai-compatible/transport-error.js';
import type { Connection } from '../openai-compatible/connection.js';
import type { ForwardRequest, ForwardSink } from '../ports/model-server.js';
import { toForwardedHeaders } from './response-headers.js';

/**
 * Passes a request on and its answer back, byte for byte. undici's `dispatch` rather than `request` or
 * `fetch`: no stream objects in between (a fifth of fetch's cost, reference/performance.md). The server's own key goes
 * along, never the user's. Errors reach the sink as ModelErrors.
 */
export function forward(connection: Connection, server: string, request: ForwardRequest, sink: ForwardSink): void {
  new Forwarding(server, request.signal, sink).start(connection, request);
}

/** One forwarded request: undici's handler on one side, the sink on the other. */
class Forwarding implements Dispatcher.DispatchHandler {
  readonly #server: string;
  readonly #signal: Cancellation;
  readonly #sink: ForwardSink;
  #controller: Dispatcher.DispatchController | undefined;
  #done = false;

  constructor(server: string, signal: Cancellation, sink: ForwardSink) {
    this.#server = server;
    this.#signal = signal;
    this.#sink = sink;
  }

  start(connection: Connection, request: ForwardRequest): void {
    if (this.#signal.aborted) return this.#fail(this.#signal.reason);
    this.#signal.addEventListener('abort', this.#onAbort);
    try {
      connection.dispatcher.dispatch(
        {
          origin: connection.origin,
          path: connection.path(request.path),
          method: 'POST',
          headers: connection.headers('*/*', request.context),
          body: request.body,
        },
        this,
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#done) controller.abort(new Error('The client went away.'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const isInformational = status < 200;
    if (this.#done || isInformational) return;
    if (isRedirect(status)) {
      // A client would follow it, with all that it sent.
      this.#fail(mapErrorAnswer({ status, body: '', headers }, Date.now()));
      controller.abort(new Error('Redirects are not followed.'));
      return;
    }
    this.#sink.onStart(status, toForwardedHeaders(headers), () => controller.resume());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#done && !this.#sink.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#done) return;
    this.#finish();
    this.#sink.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  readonly #onAbort = (): void => {
    this.#fail(this.#signal.reason);
    this.#controller?.abort(new Error('The client went away.'));
  };

  #fail(error: unknown): void {
    if (this.#done) return;
    this.#finish();
    this.#sink.onError(toModelError(error, this.#server, this.#signal));
  }

  #finish(): void {
    this.#done = true;
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

import { Agent, type Dispatcher } from 'undici';
import type { CallContext } from '../ports/chat-model.js';

export interface ConnectionOptions {
  /** Base of the API, such as `http://localhost:8000/v1`. */
  apiUrl: string;
  /** The server's own key, if it wants one. */
  apiKey?: string;
  /** Milliseconds without a byte after which a call fails. */
  timeoutMs: number;
}

/** Milliseconds for a connection to come about; a host that is off must not hold a request for minutes. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Kept-alive connections to one model server, and what every request to it bears. */
export class Connection {
  readonly apiUrl: string;
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly #basePath: string;
  readonly #authorization: Record<string, string>;

  constructor(options: ConnectionOptions) {
    const url = new URL(options.apiUrl);
    this.apiUrl = options.apiUrl;
    this.origin = url.origin;
    this.#basePath = url.pathname.replace(/\/+$/, '');
    this.#authorization = options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` };
    this.dispatcher = new Agent({
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
    });
  }

  /** The path of a request for something below the API. */
  path(below: string): string {
    return this.#basePath + below;
  }

  headers(accept: string, context?: CallContext): Record<string, string> {
    const headers = {
      'content-type': 'application/json',
      accept,
      'accept-encoding': 'identity',
      ...this.#authorization,
    };
    return context?.traceparent === undefined ? headers : { ...headers, traceparent: context.traceparent };
  }

  /** One request below the API. Errors are undici's. */
  request(
    method: 'GET' | 'POST',
    below: string,
    options: { body?: string; accept: string; signal?: AbortSignal; context?: CallContext | undefined },
  ): Promise<Dispatcher.ResponseData> {
    return this.dispatcher.request({
      origin: this.origin,
      path: this.path(below),
      method,
      headers: this.headers(options.accept, options.context),
      body: options.body ?? null,
      signal: options.signal ?? null,
    });
  }

  /** Ends every connection at once. */
  async close(): Promise<void> {
    await this.dispatcher.destroy();
  }
}

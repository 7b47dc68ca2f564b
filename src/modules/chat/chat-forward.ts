import type { ServerResponse } from 'node:http';
import { HeldErrorAnswer, type ForwardSink, type ServedModel } from '@libs/llm';
import { bearProcessingTime, ClientDeparture, traceParentOf } from '../../common/http/index.js';

export type Forward = NonNullable<ServedModel['forward']>;

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
 * own shapes differ. Rejects when the server fails before the answer began; afterwards the connection can only be cut.
 * Sends nothing for a client that has left.
 */
export function forwardAnswer(
  forward: Forward,
  { path, body }: { path: string; body: Buffer },
  response: ServerResponse,
  tap?: ForwardTap,
): Promise<void> {
  // No event will tell of a client that has left already, and the server's slot would be held for nobody.
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const signal = new ClientDeparture(response);
    response.on('close', resolve);
    const requestId = response.getHeader('x-request-id');
    const traceparent = traceParentOf(response.req);
    const context = {
      ...(typeof requestId === 'string' ? { runId: requestId } : {}),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    forward({ path, body, signal, context }, new AnswerSink(response, reject, tap));
  });
}

/** An answer on its way to the client. */
class AnswerSink implements ForwardSink {
  #errorAnswer: HeldErrorAnswer | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly fail: (error: Error) => void,
    private readonly tap: ForwardTap | undefined,
  ) {}

  onStart(status: number, headers: Record<string, string>, resume: () => void): void {
    if (status >= 400) {
      this.#errorAnswer = new HeldErrorAnswer(status, headers);
      return;
    }
    this.response.on('drain', resume);
    startAnswer(this.response, status, this.tap ? this.tap.start(headers) : headers);
  }

  onData(chunk: Buffer): boolean {
    if (this.#errorAnswer) return this.#errorAnswer.keep(chunk);
    return this.response.write(this.tap ? this.tap.take(chunk) : chunk);
  }

  onEnd(): void {
    const { response, tap } = this;
    if (this.#errorAnswer) this.fail(this.#errorAnswer.toError());
    else if (tap) void tap.finish().then((rest) => response.end(rest));
    else response.end();
  }

  onError(error: Error): void {
    this.fail(error);
  }
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

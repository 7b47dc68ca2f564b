import { Readable } from 'node:stream';
import { errorCode, errorMessage } from '@libs/kernel';
import { Agent, type Dispatcher } from 'undici';
import { SandboxError } from '../../ports/sandbox-provider.js';
import { fieldsOf, parseFields, textOf, type Fields } from '../wire/checks.js';
import { printable } from '../wire/printable.js';
import { SILENCE_MS, WIRE_LIMITS } from '../wire/wire.js';
import { HostFailure } from './host-failure.js';

const CONNECT_TIMEOUT_MS = 3_000;
/** Shorter than hosts keep connections, so that none is used that is being closed. */
const KEEP_ALIVE_MS = 30_000;
const LONGEST_ERROR_BYTES = 64 * 1024;

export interface CallOptions {
  body?: unknown;
  /** Sent as it is. */
  upload?: AsyncIterable<Uint8Array>;
  signal?: AbortSignal;
  /** Until the head of the answer. */
  timeoutMs?: number;
}

/** Speaks with one sandbox host. Redirects are not followed. */
export class HostLink {
  private readonly agent: Agent;

  /**
   * @param url of the host, without a slash at the end
   * @param silenceMs time without a byte after which an answer counts as lost
   */
  constructor(
    readonly url: string,
    private readonly token: string,
    private readonly silenceMs = SILENCE_MS,
  ) {
    this.agent = new Agent({
      connect: { timeout: CONNECT_TIMEOUT_MS },
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      bodyTimeout: silenceMs,
    });
  }

  /** For requests whose answer is one JSON object, or empty. */
  async call(method: Dispatcher.HttpMethod, path: string, options: CallOptions = {}): Promise<Fields> {
    const { body } = await this.open(method, path, options);
    const bytes = await readBounded(body, WIRE_LIMITS.answerBytes);
    try {
      return bytes.length === 0 ? {} : parseFields(bytes);
    } catch (error) {
      throw new HostFailure('broken', errorMessage(error), { cause: error });
    }
  }

  /**
   * For requests whose answer is a stream, which the caller reads or destroys.
   * @throws SandboxError as the host's sandbox did, and HostFailure for all else.
   */
  async open(method: Dispatcher.HttpMethod, path: string, options: CallOptions): Promise<Dispatcher.ResponseData> {
    const answer = await this.send(method, path, options).catch((error: unknown) => {
      throw toFailure(error, this.url);
    });
    if (answer.statusCode < 300) return answer;
    const said = await readBounded(answer.body, LONGEST_ERROR_BYTES).then(messageIn, () => '');
    throw refusalOf(answer.statusCode, said);
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private send(
    method: Dispatcher.HttpMethod,
    path: string,
    { body, upload, signal, timeoutMs = this.silenceMs }: CallOptions,
  ): Promise<Dispatcher.ResponseData> {
    const { origin, pathname } = new URL(this.url);
    const text = body === undefined ? null : JSON.stringify(body);
    return this.agent.request({
      ...{ origin, method, path: `${pathname === '/' ? '' : pathname}${path}`, headersTimeout: timeoutMs },
      headers: { authorization: `Bearer ${this.token}` },
      body: upload === undefined ? text : Readable.from(upload, { objectMode: false }),
      ...(signal && { signal }),
    });
  }
}

export async function readBounded(body: AsyncIterable<Buffer>, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw new HostFailure('broken', 'The answer is too large.');
      chunks.push(chunk);
    }
  } catch (error) {
    throw toFailure(error, 'The host');
  }
  return Buffer.concat(chunks);
}

/** What the network did. The caller's own abort, and what its upload threw, stay as they are. */
export function toFailure(error: unknown, where: string): unknown {
  if (error instanceof HostFailure || error instanceof SandboxError) return error;
  const code = errorCode(error);
  const isNetwork = code !== undefined && (code.startsWith('UND_ERR') || /^E[A-Z]+$/.test(code));
  if (!isNetwork || code === 'UND_ERR_ABORTED') return error;
  return new HostFailure('unreachable', `${where} does not answer (${code})`, { cause: error });
}

function refusalOf(status: number, said: string): Error {
  if (status === 422) return new SandboxError(said || 'The sandbox refused that.');
  if (status === 404) return new HostFailure('gone', said);
  if (status === 401) return new HostFailure('refused', 'The sandbox host refuses the token: SANDBOX_REMOTE_TOKEN.');
  return new HostFailure('broken', `The sandbox host answered with ${status}: ${said}`);
}

function messageIn(bytes: Buffer): string {
  const message = textOf(fieldsOf(parseFields(bytes)['error']), 'message', LONGEST_ERROR_BYTES);
  return printable(message, WIRE_LIMITS.messageCharacters);
}

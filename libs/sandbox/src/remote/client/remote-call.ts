import type { SandboxEvent, SandboxLimits } from '../../ports/sandbox-provider.js';
import { SandboxError } from '../../ports/sandbox-provider.js';
import type { Fields } from '../wire/checks.js';
import { printable } from '../wire/printable.js';
import { WIRE_LIMITS } from '../wire/wire.js';
import { CallEvents } from './call-events.js';
import { HostFailure } from './host-failure.js';
import type { HostLink } from './host-link.js';
import { readLines } from './lines.js';

export interface RemoteCallRequest {
  code: string;
  notes: string;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** A host may have to start an interpreter first, and to kill it in the end. */
const OWN_TIME_MS = 90_000;
/** A byte may be written as six characters; files and marks come on top. */
const BYTES_PER_OUTPUT_BYTE = 6;
const OTHER_BYTES = 16 * 1024 * 1024;
const CHECK_TIMEOUT_MS = 3_000;

const CANCELLED = { type: 'done', status: 'cancelled', stateLost: false, message: 'The call was cancelled.' } as const;

/** One cell on a host. Whatever becomes of the host, it ends with `done`, in bounded time. */
export class RemoteCall {
  private readonly events: CallEvents;
  private readonly leaving = new AbortController();

  constructor(
    private readonly link: HostLink,
    /** Of the hold. */
    private readonly path: string,
    private readonly limits: SandboxLimits,
  ) {
    this.events = new CallEvents(limits.maxOutputBytes);
  }

  async *run({ signal, ...request }: RemoteCallRequest): AsyncGenerator<SandboxEvent, void, undefined> {
    if (signal?.aborted) {
      yield CANCELLED;
      return;
    }
    const interrupt = (): void => void this.interrupt();
    signal?.addEventListener('abort', interrupt, { once: true });
    let isDone = false;
    try {
      for await (const event of this.received(request)) {
        isDone = event.type === 'done';
        yield event;
        if (isDone) return;
      }
    } finally {
      signal?.removeEventListener('abort', interrupt);
      // The consumer may have left early: the code must not run on unseen.
      if (!isDone) await this.interrupt();
      this.leaving.abort();
    }
  }

  private async *received(request: RemoteCallRequest): AsyncGenerator<SandboxEvent, void, undefined> {
    const { timeoutMs = this.limits.timeoutMs } = request;
    const patience = AbortSignal.timeout(timeoutMs + OWN_TIME_MS);
    try {
      const { body } = await this.link.open('POST', `${this.path}/run`, {
        body: { ...request, timeoutMs },
        signal: AbortSignal.any([patience, this.leaving.signal]),
      });
      for await (const fields of readLines(body, this.limits.maxOutputBytes * BYTES_PER_OUTPUT_BYTE + OTHER_BYTES)) {
        if (fields['type'] === 'failed') throw new SandboxError(failureIn(fields));
        const event = this.events.read(fields);
        if (event !== undefined) yield event;
      }
      yield await this.loss('broken');
    } catch (error) {
      if (error instanceof HostFailure) yield await this.loss(error.kind);
      else if (patience.aborted) yield await this.loss('unreachable');
      else throw error;
    }
  }

  /** What became of a call whose answer broke off. */
  private async loss(kind: HostFailure['kind']): Promise<SandboxEvent> {
    if (kind !== 'gone' && (await this.isHeld())) {
      await this.interrupt();
      const message = 'The connection to the sandbox host broke; the code was stopped.';
      return { type: 'done', status: 'crashed', stateLost: false, message };
    }
    const message = kind === 'gone' ? 'The session has ended.' : 'The sandbox host was lost.';
    return { type: 'done', status: 'crashed', stateLost: true, message };
  }

  private async isHeld(): Promise<boolean> {
    return this.link.call('POST', `${this.path}/renew`, { timeoutMs: CHECK_TIMEOUT_MS }).then(
      () => true,
      () => false,
    );
  }

  /** Asks for a KeyboardInterrupt. A host that does not answer stops the code by itself, when its connection breaks. */
  private async interrupt(): Promise<void> {
    await this.link.call('POST', `${this.path}/interrupt`, { timeoutMs: CHECK_TIMEOUT_MS }).catch(() => undefined);
  }
}

function failureIn(fields: Fields): string {
  const message = typeof fields['message'] === 'string' ? fields['message'] : '';
  return printable(message, WIRE_LIMITS.messageCharacters) || 'The sandbox host failed.';
}

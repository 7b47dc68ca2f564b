import type { Readable } from 'node:stream';
import {
  SandboxError,
  type RunCodeOptions,
  type SandboxEvent,
  type SandboxLimits,
} from '../../ports/sandbox-provider.js';
import type { SharedSession, WorkspaceFile } from '../../ports/sandbox-provider.js';
import { parsePath } from '../../workspace/file-name.js';
import { fieldsOf, listOf, wholeNumberOf } from '../wire/checks.js';
import { WIRE_LIMITS } from '../wire/wire.js';
import { fileNameOf } from './call-events.js';
import { HostFailure, toSandboxError } from './host-failure.js';
import type { CallOptions, HostLink } from './host-link.js';
import { RemoteCall } from './remote-call.js';
import { bounded, receivedFile } from './transfer.js';

export interface RemoteSessionParts {
  link: HostLink;
  id: string;
  hold: string;
  notes: string;
  leaseMs: number;
  limits: SandboxLimits;
  /** After it was released or disposed of. */
  onEnded: (session: RemoteSession) => void;
}

const RENEWALS_PER_LEASE = 3;

/** A turn with a session that lives on a sandbox host. */
export class RemoteSession implements SharedSession {
  readonly id: string;
  readonly notes: string;
  nextNotes: () => string = () => this.notes;
  private readonly renewal: NodeJS.Timeout;
  /** A pause that is on its way; what comes after it waits. */
  private pausing: Promise<unknown> = Promise.resolve();
  private isRunning = false;
  private ending: Promise<void> | undefined;

  constructor(private readonly parts: RemoteSessionParts) {
    ({ id: this.id, notes: this.notes } = parts);
    this.renewal = setInterval(() => void this.renew(), parts.leaseMs / RENEWALS_PER_LEASE).unref();
  }

  async *run(code: string, options: RunCodeOptions = {}): AsyncGenerator<SandboxEvent, void, undefined> {
    this.assertUsable();
    if (this.isRunning) throw new SandboxError('A call is running in this session already.');
    this.isRunning = true;
    try {
      await this.pausing;
      const { link, limits } = this.parts;
      yield* new RemoteCall(link, this.path(''), limits).run({ code, notes: this.notesToSend(), ...options });
    } finally {
      this.isRunning = false;
    }
  }

  async putFile(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    this.assertUsable();
    parsePath(name);
    const upload = bounded(content, this.parts.limits.maxWorkspaceBytes);
    await this.ask('PUT', `/file?name=${encodeURIComponent(name)}`, { upload });
  }

  async listFiles(): Promise<WorkspaceFile[]> {
    this.assertUsable();
    const answer = await this.ask('GET', '/files');
    try {
      return listOf(answer, 'files', this.parts.limits.maxWorkspaceFiles).flatMap((entry) => {
        const fields = fieldsOf(entry);
        const name = fileNameOf(fields);
        return name === undefined ? [] : [{ name, bytes: wholeNumberOf(fields, 'bytes') }];
      });
    } catch (error) {
      throw new SandboxError('The sandbox host failed.', { cause: error });
    }
  }

  async openFile(name: string): Promise<{ bytes: number; stream: Readable }> {
    this.assertUsable();
    parsePath(name);
    await this.pausing;
    const { link, limits } = this.parts;
    const path = this.path(`/file?name=${encodeURIComponent(name)}`);
    const answer = await link.open('GET', path, {}).catch((error: unknown) => {
      throw toSandboxError(error);
    });
    return receivedFile(answer, limits.maxWorkspaceBytes);
  }

  pause(): void {
    if (this.isRunning || this.ending !== undefined) return;
    this.pausing = this.parts.link.call('POST', this.path('/pause')).catch(() => undefined);
  }

  dispose(): Promise<void> {
    this.ending ??= this.end(() => this.parts.link.call('DELETE', `/v1/sessions/${this.id}`));
    return this.ending;
  }

  release(): Promise<void> {
    this.ending ??= this.end(() => Promise.resolve());
    return this.ending;
  }

  /** A host that does not answer ends it by itself, once nobody renews the hold. */
  private async end(before: () => Promise<unknown>): Promise<void> {
    clearInterval(this.renewal);
    try {
      await before();
      await this.parts.link.call('POST', this.path('/release'), { body: { notes: this.notesToSend() } });
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
    } finally {
      this.parts.onEnded(this);
    }
  }

  private async renew(): Promise<void> {
    try {
      await this.parts.link.call('POST', this.path('/renew'), { timeoutMs: this.parts.leaseMs });
    } catch (error) {
      if (error instanceof HostFailure && error.kind === 'gone') clearInterval(this.renewal);
    }
  }

  private async ask(method: 'GET' | 'PUT', path: string, options: CallOptions = {}): ReturnType<HostLink['call']> {
    await this.pausing;
    try {
      return await this.parts.link.call(method, this.path(path), options);
    } catch (error) {
      throw toSandboxError(error);
    }
  }

  /** Notes that are too long are left out: the next caller then takes the session for one that it does not know. */
  private notesToSend(): string {
    const notes = this.nextNotes();
    return notes.length > WIRE_LIMITS.notesBytes ? '' : notes;
  }

  private path(rest: string): string {
    return `/v1/holds/${this.parts.hold}${rest}`;
  }

  private assertUsable(): void {
    if (this.ending !== undefined) throw new SandboxError('The session has ended.');
  }
}

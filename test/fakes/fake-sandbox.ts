import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { AcquireRequest, SandboxEvent, SandboxProvider, SandboxSession } from '@libs/sandbox';

/** A session that runs nothing: it notes the code, and tells what it is asked to tell. */
export class FakeSandboxSession implements SandboxSession {
  readonly files = new Map<string, string>();
  readonly codes: string[] = [];
  isDisposed = false;
  isPaused = false;

  constructor(
    readonly request: AcquireRequest,
    private readonly eventsOf: (code: string) => SandboxEvent[],
  ) {}

  async *run(code: string): AsyncGenerator<SandboxEvent> {
    this.codes.push(code);
    this.isPaused = false;
    await Promise.resolve();
    yield* this.eventsOf(code);
  }

  async putFile(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    this.files.set(name, await text(content));
  }

  listFiles(): Promise<{ name: string; bytes: number }[]> {
    return Promise.resolve([...this.files].map(([name, { length }]) => ({ name, bytes: length })));
  }

  openFile(name: string): Promise<{ bytes: number; stream: Readable }> {
    const content = Buffer.from(this.files.get(name) ?? '');
    return Promise.resolve({ bytes: content.length, stream: Readable.from([content]) });
  }

  pause(): void {
    this.isPaused = true;
  }

  dispose(): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}

export class FakeSandbox implements SandboxProvider {
  readonly name = 'fake';
  readonly sessions: FakeSandboxSession[] = [];
  failure: Error | null = null;
  eventsOf: (code: string) => SandboxEvent[] = () => [{ type: 'done', status: 'ok', stateLost: false }];

  probe: SandboxProvider['probe'] = () =>
    Promise.resolve({ ok: true, isolation: 'none', python: '3.0.0', modules: ['numpy'], enforces: [] });

  state: SandboxProvider['state'] = () => undefined;

  async acquire(request: AcquireRequest): Promise<SandboxSession> {
    await Promise.resolve();
    if (this.failure !== null) throw this.failure;
    const session = new FakeSandboxSession(request, (code) => this.eventsOf(code));
    this.sessions.push(session);
    return session;
  }

  reapOrphans = (): Promise<void> => Promise.resolve();
  close = (): Promise<void> => Promise.resolve();
}

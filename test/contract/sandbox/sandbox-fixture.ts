import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { RunCodeOptions, SandboxEvent, SandboxLimits, SandboxProvider, SandboxSession } from '@libs/sandbox';

export interface SandboxFixture {
  provider: SandboxProvider;
  /** Whatever of the provider's is left on this machine, by any name: folders, mounts, control groups, processes. */
  leftovers(): Promise<string[]>;
  dispose(): Promise<void>;
}

/** What code can do in one provider and not in another. */
export interface SandboxTraits {
  /** Code can start processes, and make links and FIFOs. */
  hasProcesses: boolean;
  /** The code's user id, as it sees that itself: the same for all, or one of each session's own on the host. */
  userId: 1000 | 'own';
  /** Python that writes the bytes in `junk` to wherever the protocol's lines go. */
  writeToProtocol: string;
}

export type DoneEvent = Extract<SandboxEvent, { type: 'done' }>;

/** What one call gave, put together. */
export interface CallReport {
  stdout: string;
  stderr: string;
  result: string | undefined;
  images: string[];
  files: { name: string; bytes: number }[];
  done: DoneEvent;
}

export async function runCode(session: SandboxSession, code: string, options?: RunCodeOptions): Promise<CallReport> {
  const events: SandboxEvent[] = [];
  for await (const event of session.run(code, options)) events.push(event);
  const done = events.at(-1);
  if (done?.type !== 'done') throw new Error('The last event is not done.');
  expect(events.filter((event) => event.type === 'done')).toHaveLength(1);
  const textOf = (type: 'stdout' | 'stderr'): string =>
    events.map((event) => (event.type === type ? event.text : '')).join('');
  return {
    stdout: textOf('stdout'),
    stderr: textOf('stderr'),
    result: events.find((event) => event.type === 'result')?.text,
    images: events.flatMap((event) => (event.type === 'image' ? [event.name] : [])),
    files: events.flatMap((event) => (event.type === 'file' ? [{ name: event.name, bytes: event.bytes }] : [])),
    done,
  };
}

export function acquire(fixture: SandboxFixture, limits?: Partial<SandboxLimits>): Promise<SandboxSession> {
  return fixture.provider.acquire({ workspaceId: 'thread_contract', tenantId: 'proj_contract', limits });
}

export async function readText(session: SandboxSession, name: string): Promise<string> {
  const { stream } = await session.openFile(name);
  return (await buffer(stream)).toString('utf8');
}

export function content(text: string): AsyncIterable<Uint8Array> {
  return Readable.from([Buffer.from(text)]);
}

/** One session for tests that leave it well. */
export function useSession(fixture: () => SandboxFixture): () => SandboxSession {
  let session: SandboxSession;
  beforeAll(async () => {
    session = await acquire(fixture());
  });
  afterAll(() => session.dispose());
  return () => session;
}

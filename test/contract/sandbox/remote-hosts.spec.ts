import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep } from '@libs/kernel';
import { RemoteProvider, SandboxHost, type SharedSession } from '@libs/sandbox';
import { eventually } from '../../support/eventually.js';
import { describeWith } from '../../support/requirements.js';
import { startHost, TOKEN, type Hosted } from './hosted.js';
import { content, readText, runCode } from './sandbox-fixture.js';
import { TcpRelay } from './tcp-relay.js';

const MEGABYTE = 1024 * 1024;
const { signal: never } = new AbortController();

describeWith('bubblewrap', 'a sandbox host', () => {
  let root: string;
  let hosted: Hosted;
  /** Of each test its own. */
  let thread = { tenantId: '', workspaceId: 'thread_1' };
  const callers: RemoteProvider[] = [];
  /** Another process's side. */
  const connect = (urls = [hosted.url], token = TOKEN): RemoteProvider => {
    const caller = new RemoteProvider({ urls, token, silenceMs: 3_000 });
    callers.push(caller);
    return caller;
  };
  const hold = (caller: RemoteProvider, signal = never): Promise<SharedSession> => caller.shared.hold(thread, signal);

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'threadmill-hosts-'));
    hosted = await startHost(root, { leaseMs: 2_000 });
  });
  beforeEach(() => {
    thread = { tenantId: `proj_${randomUUID()}`, workspaceId: 'thread_1' };
  });
  afterEach(async () => {
    await Promise.all(callers.splice(0).map((caller) => caller.close()));
  });
  afterAll(async () => {
    await hosted.close();
    await rm(root, { recursive: true, force: true });
  });

  describe('is for those who know the token', () => {
    it('and refuses all others, on every route', async () => {
      for (const authorization of [undefined, '', 'Bearer', `Bearer ${TOKEN}x`, TOKEN, `bearer ${TOKEN}`]) {
        for (const [method, path] of [
          ['GET', '/v1/host'],
          ['GET', '/v1/sessions'],
          ['POST', '/v1/holds'],
          ['PUT', '/v1/holds/x/file?name=a'],
          ['GET', '/nothing'],
        ] as const) {
          const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
          expect((await fetch(`${hosted.url}${path}`, { method, headers })).status).toBe(401);
        }
      }
      expect((await fetch(`${hosted.url}/health`)).status).toBe(200);
    });

    it('and a caller with another token is told why', async () => {
      const stranger = connect([hosted.url], 'another-token-that-is-long-enough-to-be-one');
      const probe = await stranger.probe();
      expect(probe.ok ? '' : probe.reason).toContain('SANDBOX_REMOTE_TOKEN');
      await expect(stranger.acquire(thread)).rejects.toThrow('No sandbox host is available.');
    });

    it('and a short one is none', () => {
      expect(() => new RemoteProvider({ urls: [hosted.url], token: 'x'.repeat(31) })).toThrow('at least 32');
      const options = { provider: hosted.inner, idleMs: 1, maxSessions: 1 };
      const ignore = (): void => undefined;
      expect(() => new SandboxHost({ ...options, token: 'short', onError: ignore, onLeftBehind: ignore })).toThrow(
        'at least 32',
      );
    });

    it.each([
      ['POST', '/v1/holds', 'no json', 400],
      ['POST', '/v1/holds', '{"tenantId": 5}', 400],
      [
        'POST',
        '/v1/holds',
        JSON.stringify({ tenantId: 't', workspaceId: 'w', kind: 'own', mustExist: false, limits: { memoryBytes: -1 } }),
        400,
      ],
      ['POST', '/v1/holds/unknown/run', '{}', 404],
      ['GET', '/v1/holds/unknown/file?name=a', undefined, 404],
      ['DELETE', '/v1/sessions/unknown', undefined, 404],
      ['POST', '/v1/find', 'x'.repeat(17 * MEGABYTE), 413],
    ])('who also must make sense: %s %s', async (method, path, body, status) => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const answer = await fetch(`${hosted.url}${path}`, { method, headers, ...(body !== undefined && { body }) });
      expect(answer.status).toBe(status);
      await answer.text();
    });
  });

  describe('has one session for a thread, whichever process asks', () => {
    it('with its variables, files and notes', async () => {
      const [one, other] = [connect(), connect()];
      const first = await hold(one);
      expect(first.notes).toBe('');
      first.nextNotes = () => 'left by the first';
      await first.putFile('a.txt', content('A'));
      await runCode(first, 'x = 41');
      await first.release();
      const second = await hold(other);
      expect(second.notes).toBe('left by the first');
      expect(await runCode(second, 'x + 1')).toMatchObject({ result: '42', done: { stateLost: false } });
      expect(await readText(second, 'a.txt')).toBe('A');
      await second.release();
    });

    it('in turns', async () => {
      const [one, other] = [connect(), connect()];
      const first = await hold(one);
      let entered = false;
      const waiting = hold(other).then((session) => {
        entered = true;
        return session;
      });
      const leaver = new AbortController();
      const left = hold(other, leaver.signal);
      await sleep(200);
      leaver.abort(new Error('left'));
      await expect(left).rejects.toThrow('left');
      expect(entered).toBe(false);
      await first.release();
      await (await waiting).release();
    });

    it('and none for another project, or under the name of a session of its own', async () => {
      const caller = connect();
      const session = await hold(caller);
      await runCode(session, 'secret = 1');
      await session.release();
      const stranger = await caller.shared.hold({ ...thread, tenantId: 'proj_2' }, never);
      expect((await runCode(stranger, 'secret')).stderr).toContain('NameError');
      await stranger.release();
      const own = await caller.acquire(thread);
      expect((await runCode(own, 'secret')).stderr).toContain('NameError');
      await own.dispose();
      expect(await caller.shared.holdPresent({ ...thread, workspaceId: 'unknown' }, never)).toBeUndefined();
    });

    const idsOf = async (caller: RemoteProvider): Promise<string[]> =>
      (await caller.shared.hosts()).flatMap(({ sessions }) =>
        sessions.flatMap(({ id, tenantId }) => (tenantId === thread.tenantId ? [id] : [])),
      );

    it('until its thread ends, an administrator ends it, or nobody has used it for long', async () => {
      const caller = connect();
      const idle = async (): Promise<string | undefined> => {
        await (await hold(caller)).release();
        return (await idsOf(caller))[0];
      };
      const first = await idle();
      await caller.shared.endOf(thread);
      const second = await idle();
      expect(second).not.toBe(first);
      expect(await caller.shared.kill(second ?? '')).toBe(true);
      expect(await caller.shared.kill(second ?? '')).toBe(false);
      expect(await idsOf(caller)).toEqual([]);
    });
  });

  describe('when a caller is lost', () => {
    it('in the middle of a call, stops the code and lets the next one in', async () => {
      const relay = await TcpRelay.start(hosted.url);
      const [lost, next] = [connect([relay.url]), connect()];
      const session = await hold(lost);
      const events = session.run('n = 0\nprint("go", flush=True)\nwhile True: n += 1')[Symbol.asyncIterator]();
      await events.next();
      // Neither the call nor the renewals reach the host any more.
      relay.halt();
      const taken = await hold(next);
      const counted = (await runCode(taken, 'n')).result;
      expect(counted).toMatch(/^\d+$/);
      expect((await runCode(taken, 'n')).result).toBe(counted);
      await taken.release();
      relay.close();
      expect(await events.next()).toMatchObject({ value: { type: 'done', status: 'crashed', stateLost: true } });
    });

    it('ends a session that nobody else finds', async () => {
      const relay = await TcpRelay.start(hosted.url);
      await connect([relay.url]).acquire(thread);
      relay.close();
      const isThere = async (): Promise<boolean> =>
        JSON.stringify(await connect().shared.hosts()).includes(thread.tenantId);
      expect(await isThere()).toBe(true);
      await eventually(async () => expect(await isThere()).toBe(false));
    });
  });

  describe('when the connection breaks', () => {
    it('in the middle of a call, stops the code; its state is kept', async () => {
      const relay = await TcpRelay.start(hosted.url);
      const session = await hold(connect([relay.url]));
      await runCode(session, 'kept = 1');
      let done = {};
      for await (const event of session.run('kept = 2\nprint("go", flush=True)\nwhile True: pass')) {
        if (event.type === 'stdout') relay.cut();
        if (event.type === 'done') done = event;
      }
      expect(done).toMatchObject({ status: 'crashed', stateLost: false });
      expect(await runCode(session, 'kept')).toMatchObject({ result: '2', done: { status: 'ok' } });
      await session.release();
      relay.close();
    });

    it('for good, ends the call and refuses files, in bounded time', async () => {
      const relay = await TcpRelay.start(hosted.url);
      const session = await hold(connect([relay.url]));
      const running = runCode(session, 'import time; time.sleep(60)');
      await sleep(300);
      relay.halt();
      const startedAt = performance.now();
      expect((await running).done).toMatchObject({ status: 'crashed', stateLost: true });
      await expect(session.putFile('a.txt', content('x'))).rejects.toThrow('does not answer');
      await expect(session.listFiles()).rejects.toThrow('does not answer');
      expect(performance.now() - startedAt).toBeLessThan(25_000);
      relay.close();
    });
  });

  it('passes on 100 MB in both directions, as fast as the slower side goes', async () => {
    const relay = await TcpRelay.start(hosted.url);
    const session = await hold(connect([relay.url]));
    const [sent, received] = [createHash('sha256'), createHash('sha256')];
    let produced = 0;
    const put = session.putFile(
      'big.bin',
      blocks(100, (block) => {
        produced += block.length;
        sent.update(block);
        if (produced === 8 * MEGABYTE) relay.halt();
      }),
    );
    await eventually(() => expect(produced).toBeGreaterThanOrEqual(8 * MEGABYTE));
    await sleep(500);
    // What is under way fills buffers of sockets and streams, and then waits.
    expect(produced).toBeLessThan(40 * MEGABYTE);
    relay.resume();
    await put;
    const before = relay.received;
    const { bytes, stream } = await session.openFile('big.bin');
    expect(bytes).toBe(100 * MEGABYTE);
    await once(stream, 'readable');
    await sleep(500);
    expect(relay.received - before).toBeLessThan(40 * MEGABYTE);
    for await (const chunk of stream) received.update(chunk as Buffer);
    expect(received.digest('hex')).toBe(sent.digest('hex'));
    await session.release();
    relay.close();
  });

  describe('beside another one', () => {
    let roots: string[];
    let pair: Hosted[];
    beforeAll(async () => {
      roots = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'threadmill-hosts-'))));
      pair = await Promise.all(roots.map((each) => startHost(each, { maxSessions: 4 })));
    });
    afterAll(async () => {
      await Promise.all(pair.map((each) => each.close()));
      await Promise.all(roots.map((each) => rm(each, { recursive: true, force: true })));
    });
    const urls = (): string[] => pair.map(({ url }) => url);

    it('gets its share of the sessions, and each is found where it is', async () => {
      const [one, two] = [connect(urls()), connect(urls().toReversed())];
      for (const name of ['a', 'b', 'c', 'd']) {
        const session = await one.shared.hold({ ...thread, workspaceId: name }, never);
        await runCode(session, `name = "${name}"`);
        await session.release();
      }
      expect((await one.shared.hosts()).map(({ sessions }) => sessions.length)).toEqual([2, 2]);
      for (const name of ['a', 'b', 'c', 'd']) {
        const session = await two.shared.hold({ ...thread, workspaceId: name }, never);
        expect((await runCode(session, 'name')).result).toBe(`'${name}'`);
        await session.release();
      }
    });

    it('is passed over when it is gone, and its sessions begin anew', async () => {
      const caller = connect(urls());
      await caller.probe();
      await pair[0]?.host.close();
      for (const name of ['a', 'b', 'c']) {
        const session = await caller.shared.hold({ ...thread, workspaceId: name }, never);
        expect((await runCode(session, '1')).done.status).toBe('ok');
        await session.release();
      }
      expect((await caller.shared.hosts()).map(({ probe }) => probe.ok)).toEqual([false, true]);
      expect(await caller.probe()).toMatchObject({ ok: true });
    });
  });
});

async function* blocks(count: number, onBlock: (block: Buffer) => void): AsyncGenerator<Buffer> {
  for (let index = 0; index < count; index += 1) {
    const block = Buffer.alloc(MEGABYTE, index);
    onBlock(block);
    yield await Promise.resolve(block);
  }
}

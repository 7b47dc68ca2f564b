import { jest } from '@jest/globals';
import { InProcessEventBus } from '../../../events/in-process-event-bus.js';
import { WorkspaceEnds } from '../../../events/workspace-ends.js';
import { FakeSandbox, type FakeSandboxSession } from '../../../../test/fakes/fake-sandbox.js';
import { ProcessSessions } from './process-sessions.js';

const SCOPE = { projectId: 'proj_1' };
const { signal: never } = new AbortController();

describe('ProcessSessions', () => {
  let bus: InProcessEventBus;
  let provider: FakeSandbox;
  let ends: WorkspaceEnds;
  let sessions: ProcessSessions;
  const turn = (): Promise<void> => jest.advanceTimersByTimeAsync(0).then(() => undefined);
  const isDisposed = (): boolean[] => provider.sessions.map((session) => session.isDisposed);

  beforeEach(() => {
    jest.useFakeTimers();
    bus = new InProcessEventBus();
    provider = new FakeSandbox();
    ends = new WorkspaceEnds(bus);
    sessions = new ProcessSessions({ SANDBOX_IDLE_SECONDS: 60, SANDBOX_MAX_SESSIONS: 2 }, provider, ends);
    sessions.onModuleInit();
  });
  afterEach(async () => {
    await sessions.onApplicationShutdown();
    await bus.close();
    jest.useRealTimers();
  });

  const use = async (workspaceId: string, scope = SCOPE): Promise<void> => {
    (await sessions.hold(scope, workspaceId, never)).release();
    await jest.advanceTimersByTimeAsync(1);
  };

  it('keep the session of a workspace between calls, and give other workspaces others', async () => {
    await use('a');
    await use('b');
    await use('a');
    expect(provider.sessions.map(({ request }) => request.workspaceId)).toEqual(['a', 'b']);
  });

  it('never give one project the session of another, whatever the workspace is called', async () => {
    await use('a');
    await use('a', { projectId: 'proj_2' });
    expect(provider.sessions.map(({ request }) => request.tenantId)).toEqual(['proj_1', 'proj_2']);
    await sessions.endOf({ projectId: 'proj_2' }, 'a');
    expect(isDisposed()).toEqual([false, true]);
  });

  it('let one caller in at a time', async () => {
    const first = await sessions.hold(SCOPE, 'a', never);
    let entered = false;
    const second = sessions.hold(SCOPE, 'a', never).then((held) => {
      entered = true;
      return held;
    });
    await turn();
    expect(entered).toBe(false);
    first.release();
    expect((await second).session).toBe(first.session);
    (await second).release();
  });

  it('stand still while nobody uses them', async () => {
    const first = await sessions.hold(SCOPE, 'a', never);
    const second = sessions.hold(SCOPE, 'a', never);
    first.release();
    (await second).release();
    expect(provider.sessions.map(({ isPaused }) => isPaused)).toEqual([true]);
    const held = await sessions.hold(SCOPE, 'b', never);
    const waiting = sessions.hold(SCOPE, 'b', never);
    await turn();
    held.release();
    expect(provider.sessions[1]?.isPaused).toBe(false);
    (await waiting).release();
    expect(provider.sessions[1]?.isPaused).toBe(true);
  });

  it('end what nobody has used for the idle time, and not sooner', async () => {
    await use('a');
    await jest.advanceTimersByTimeAsync(59_000);
    await use('a');
    await jest.advanceTimersByTimeAsync(59_000);
    expect(isDisposed()).toEqual([false]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(isDisposed()).toEqual([true]);
    await use('a');
    expect(provider.sessions).toHaveLength(2);
  });

  it('do not end what is in use, however long that takes', async () => {
    const held = await sessions.hold(SCOPE, 'a', never);
    await jest.advanceTimersByTimeAsync(600_000);
    expect(isDisposed()).toEqual([false]);
    held.release();
  });

  it('give the place of the one unused for longest to a new one', async () => {
    for (const name of ['a', 'b', 'a', 'c']) await use(name);
    expect(isDisposed()).toEqual([false, true, false]);
    expect(sessions.list()).toHaveLength(2);
  });

  it('make a newcomer wait where all are in use, and let it go when it leaves', async () => {
    const [one, other] = [await sessions.hold(SCOPE, 'a', never), await sessions.hold(SCOPE, 'b', never)];
    const leaver = new AbortController();
    const left = sessions.hold(SCOPE, 'd', leaver.signal);
    const third = sessions.hold(SCOPE, 'c', never);
    await turn();
    expect(provider.sessions).toHaveLength(2);
    leaver.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    other.release();
    (await third).release();
    expect(isDisposed()).toEqual([false, true, false]);
    one.release();
  });

  it('never are more than allowed, however many come at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `w${index % 6}`);
    let most = 0;
    await Promise.all(
      names.map(async (name) => {
        const held = await sessions.hold(SCOPE, name, never);
        most = Math.max(most, provider.sessions.filter((session) => !session.isDisposed).length);
        expect((held.session as FakeSandboxSession).request.workspaceId).toBe(name);
        held.release();
      }),
    );
    expect(most).toBe(2);
  });

  it('pass on that there can be none, and try anew', async () => {
    provider.failure = new Error('no sandbox here');
    await expect(sessions.hold(SCOPE, 'a', never)).rejects.toThrow('no sandbox here');
    expect(sessions.list()).toEqual([]);
    provider.failure = null;
    await use('a');
    expect(sessions.list()).toHaveLength(1);
  });

  it('end with their thread, in whichever process it is deleted', async () => {
    await use('a');
    await use('b');
    await ends.announce({ projectId: 'proj_2', workspaceId: 'a' });
    await ends.announce({ projectId: 'proj_1', workspaceId: 'b' });
    await turn();
    expect(isDisposed()).toEqual([false, true]);
  });

  it('are killed by their own id, even in use, and the next call gets a new one', async () => {
    const held = await sessions.hold(SCOPE, 'a', never);
    const waiting = sessions.hold(SCOPE, 'a', never);
    await turn();
    expect(await sessions.kill('sbx_unknown')).toBe(false);
    expect(await sessions.kill(sessions.list()[0]?.id ?? '')).toBe(true);
    expect(isDisposed()).toEqual([true]);
    held.release();
    expect((await waiting).session).not.toBe(held.session);
    (await waiting).release();
  });

  it('end at shutdown, and none begins after it', async () => {
    await use('a');
    await sessions.onApplicationShutdown();
    expect(isDisposed()).toEqual([true]);
    await expect(sessions.hold(SCOPE, 'a', never)).rejects.toThrow('shutting down');
  });
});

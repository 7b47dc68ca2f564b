import type { TenantScope } from '../../src/common/principal.js';
import { EventsModule } from '../../src/events/events.module.js';
import { SessionsModule, SessionsService, type SessionMessage } from '../../src/modules/sessions/index.js';
import { describeOnEachEngine } from '../support/engines.js';
import { startTestingApp, type TestingApp } from '../support/testing-app.js';

const MADE_UP = 'sess_000000000000000000000000';
const HALF_A_MEGABYTE = 'x'.repeat(500_000);

describeOnEachEngine('sessions', (engine) => {
  let testing: TestingApp;
  let sessions: SessionsService;
  let alice: TenantScope;
  let bob: TenantScope;
  beforeAll(async () => {
    const environment = { MAX_BODY_SIZE_MB: '1', MAX_CONVERSATION_HISTORY: '3' };
    testing = await startTestingApp({ modules: [EventsModule, SessionsModule], engine, environment });
    sessions = testing.app.get(SessionsService, { strict: false });
    const scopeOf = async (username: string) => testing.scopeOf(await testing.signUp(username));
    [alice, bob] = [await scopeOf('alice'), await scopeOf('bob')];
  });
  afterAll(() => testing?.close());

  const say = (content: string): SessionMessage => ({ role: 'user', content });
  const turn = (...messages: SessionMessage[]) => ({
    messages,
    instructions: [],
    agentType: undefined,
    lastCodeCall: null,
  });
  async function begin(...contents: string[]): Promise<string> {
    const session = await sessions.open(alice, 'new');
    await sessions.keep(alice, session, turn(...contents.map(say)));
    return session.id;
  }
  const contentsOf = async (id: string) => (await sessions.open(alice, id)).messages.map(({ content }) => content);

  it('show the newest messages, oldest first, as many as the limits of number and bytes allow', async () => {
    expect(await contentsOf(await begin('a', 'b', 'c', 'd'))).toEqual(['b', 'c', 'd']);
    const large = await begin(HALF_A_MEGABYTE, HALF_A_MEGABYTE, HALF_A_MEGABYTE);
    expect(await contentsOf(large)).toHaveLength(2);
    const history = await sessions.history(alice, large);
    expect(history).toMatchObject({ hasMore: true });
    expect(history?.messages).toHaveLength(2);
  });

  it('keep whatever JSON can say', async () => {
    const texts = ['a\0b', '\ud800', '“ß” 你好 😀', '{"x": "\\u0000"}'];
    expect(await contentsOf(await begin(...texts.slice(0, 3)))).toEqual(texts.slice(0, 3));
    expect(await contentsOf(await begin(...texts.slice(3)))).toEqual(texts.slice(3));
  });

  it('remember instructions and the last code until there are others', async () => {
    const session = await sessions.open(alice, 'new');
    const instructions = [{ role: 'system', content: 's' }];
    const first = { ...turn(say('a')), instructions, agentType: 'react' as const, lastCodeCall: 'call_1' };
    await sessions.keep(alice, session, first);
    await sessions.keep(alice, { ...session, isNew: false }, { ...turn(say('b')), agentType: 'chat' });
    const remembered = { instructions, lastCodeCall: 'call_1', agentType: 'react' };
    expect(await sessions.open(alice, session.id)).toMatchObject(remembered);
  });

  it.each([MADE_UP, 'a\0b', '', 'new\0'])('there is none of the id %j', async (id) => {
    await expect(sessions.open(alice, id)).rejects.toMatchObject({ status: 404 });
    expect(await sessions.history(alice, id)).toBeNull();
    expect(await sessions.delete(alice, id)).toBe(false);
  });

  it('are of their project alone', async () => {
    const id = await begin('private');
    await expect(sessions.open(bob, id)).rejects.toMatchObject({ status: 404 });
    const opened = await sessions.open(alice, id);
    await expect(sessions.keep(bob, opened, turn(say('forged')))).rejects.toMatchObject({ status: 404 });
    expect(await sessions.history(bob, id)).toBeNull();
    expect(await sessions.delete(bob, id)).toBe(false);
    expect((await sessions.list(bob, {})).items).toEqual([]);
    expect(await contentsOf(id)).toEqual(['private']);
  });

  it('take nothing more once they are deleted', async () => {
    const id = await begin('a');
    const opened = await sessions.open(alice, id);
    expect(await sessions.delete(alice, id)).toBe(true);
    await expect(sessions.keep(alice, opened, turn(say('b')))).rejects.toMatchObject({ status: 404 });
    await expect(sessions.open(alice, id)).rejects.toMatchObject({ status: 404 });
  });

  it('are listed in pages, the newest first', async () => {
    const ids = [await begin('a'), await begin('b'), await begin('c')].reverse();
    const first = await sessions.list(alice, { limit: 2 });
    expect(first).toMatchObject({ items: ids.slice(0, 2).map((id) => ({ id })), hasMore: true });
    const next = await sessions.list(alice, { limit: 1, after: ids[1] });
    expect(next.items.map(({ id }) => id)).toEqual(ids.slice(2));
  });
});

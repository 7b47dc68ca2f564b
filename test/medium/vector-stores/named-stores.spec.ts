import type { TenantScope } from '../../../src/common/principal.js';
import { StoreFilesService, VectorStoresService } from '../../../src/modules/vector-stores/index.js';
import { describeOnEachEngine } from '../../support/engines.js';
import { holdAt, openAll } from './support/gate.js';
import { KnowledgeApp } from './support/knowledge-app.js';

describeOnEachEngine('vector stores by their names', (engine) => {
  let place: KnowledgeApp;
  let stores: VectorStoresService;
  let files: StoreFilesService;
  let alice: TenantScope;
  let bob: TenantScope;
  let bobsToken: string;

  beforeAll(async () => {
    place = await KnowledgeApp.start({ engine });
    stores = place.testing.app.get(VectorStoresService, { strict: false });
    files = place.testing.app.get(StoreFilesService, { strict: false });
    bobsToken = await place.testing.signUp('bob');
    [alice, bob] = [await place.testing.scopeOf(place.token), await place.testing.scopeOf(bobsToken)];
  });
  afterEach(() => openAll(place));
  afterAll(() => place?.close());

  const expire = (id: string) =>
    place.query(`UPDATE vector_stores SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);

  it('are made once, however many ask', async () => {
    const made = await Promise.all(['one', 'one', 'one', 'one'].map((name) => stores.createNamed(alice, name)));
    expect(made.filter((store) => store !== null)).toHaveLength(1);
  });

  it('are found in their project: the first of a name that lives', async () => {
    const first = await place.makeStore({ name: 'twice' });
    const second = await place.makeStore({ name: 'twice' });
    expect((await stores.findNamed(alice, 'twice'))?.id).toBe(first);
    expect(await stores.findNamed(bob, 'twice')).toBeNull();
    await expire(first);
    expect((await stores.findNamed(alice, 'twice'))?.id).toBe(second);
    await expire(second);
    expect(await stores.findNamed(alice, 'twice')).toBeNull();
    const third = await stores.createNamed(alice, 'twice');
    expect(third).toMatchObject({ name: 'twice', projectId: alice.projectId, createdAt: expect.any(Date) as unknown });
    expect(await stores.findNamed(alice, 'twice')).toEqual(third);
  });

  it.each(['a\0b', '', 'Twice', 'twice ', '%'])('there is none of the name %j', async (name) => {
    await place.makeStore({ name: '' });
    expect(await stores.findNamed(alice, name)).toBeNull();
  });

  it('are listed each name once, the newest first, without those that have no name', async () => {
    const token = bobsToken;
    const ids: string[] = [];
    for (const name of ['a', 'b', 'a', '', 'c']) ids.push(await place.makeStore({ name }, token));
    const listed = async (limit: number) => (await stores.listNamed(bob, limit)).map(({ id }) => id);
    expect(await listed(10)).toEqual([ids[4], ids[1], ids[0]]);
    expect(await listed(2)).toEqual([ids[4], ids[1]]);
    await expire(ids[0] ?? '');
    expect(await listed(10)).toEqual([ids[4], ids[2], ids[1]]);
  });

  it('a file is waited for until it is there, or for as long as there is patience', async () => {
    const { open } = holdAt(place, 'index');
    const fileId = await place.upload('waited for');
    const id = await place.makeStore({ file_ids: [fileId] });
    expect(await stores.waitForFile(alice, id, fileId, { patienceMs: 0 })).toMatchObject({ status: 'in_progress' });
    const { signal } = new AbortController();
    expect(await stores.waitForFile(alice, id, fileId, { signal: AbortSignal.abort() })).toMatchObject({ fileId });
    const waiting = stores.waitForFile(alice, id, fileId, { signal });
    open();
    expect(await waiting).toMatchObject({ fileId, status: 'completed' });
    await expect(stores.waitForFile(bob, id, fileId)).rejects.toMatchObject({ status: 404 });
    await expect(stores.waitForFile(alice, id, 'file-none')).rejects.toMatchObject({ status: 404 });
  });

  it('chunks are counted by file, of those that are there', async () => {
    const [one, two, late] = [await place.upload('a'), await place.upload('a\nb'), await place.upload('c')];
    const [first, second] = [
      await place.makeStore({ file_ids: [one, two] }),
      await place.makeStore({ file_ids: [one] }),
    ];
    await place.settled(first);
    await place.settled(second);
    const { open } = holdAt(place, 'parser');
    await place.addFile(second, late);
    const counted = new Map([
      [
        first,
        new Map([
          [one, 1],
          [two, 2],
        ]),
      ],
      [second, new Map([[one, 1]])],
    ]);
    expect(await files.chunkCounts(alice, [first, second])).toEqual(counted);
    expect(await files.chunkCounts(bob, [first])).toEqual(new Map([[first, new Map()]]));
    expect(await files.chunkCounts(alice, [])).toEqual(new Map());
    open();
  });
});

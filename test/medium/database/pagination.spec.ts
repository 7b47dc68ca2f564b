import { Column, Entity, type SelectQueryBuilder } from 'typeorm';
import { WireError } from '@libs/openai-wire';
import { TenantEntity } from '../../../src/database/columns.js';
import { paginate, type PageRequest, type PagePlace } from '../../../src/database/pagination.js';
import { forget, pruneTombstones } from '../../../src/database/tombstones.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { describeOnEachEngine } from '../../support/engines.js';

@Entity('test_notes')
class Note extends TenantEntity {
  @Column('text', { name: 'thread_id' })
  threadId: string;

  @Column('text')
  state: string;
}

const MINE = { projectId: 'proj_mine', threadId: 'thread_a' };
const FOREIGN = { projectId: 'proj_foreign', threadId: 'thread_f' };

describeOnEachEngine('paginate', (engine) => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await openTestDatabase([Note], { engine, createTables: true });
    // Rows of another tenant and another thread lie between ours.
    for (let number = 1; number <= 7; number += 1) {
      await insert({ id: `note_${number}`, ...MINE });
      await insert({ id: `foreign_${number}`, ...FOREIGN });
      await insert({ id: `other_${number}`, ...MINE, threadId: 'thread_b' });
    }
  });

  afterAll(() => test.close());

  async function insert(note: { id: string } & PagePlace): Promise<void> {
    await test.database.manager.insert(Note, { state: 'new', ...note });
  }

  function queryOf(place: PagePlace): SelectQueryBuilder<Note> {
    return test.database.manager.createQueryBuilder(Note, 'note').where(place);
  }

  async function page(request: Partial<PageRequest>, place: PagePlace = MINE): Promise<[string, boolean]> {
    const { items, hasMore } = await paginate(queryOf(place), { limit: 3, order: 'asc', ...request }, place);
    return [items.map(({ id }) => id.replace('note_', '')).join(' '), hasMore];
  }

  it.each<[string, Partial<PageRequest>, string, boolean]>([
    ['the first page', {}, '1 2 3', true],
    ['the first page, newest first', { order: 'desc' }, '7 6 5', true],
    ['a middle page', { after: 'note_3' }, '4 5 6', true],
    ['the last page', { after: 'note_6' }, '7', false],
    ['a last page that is full', { after: 'note_4' }, '5 6 7', false],
    ['nothing after the last', { after: 'note_7' }, '', false],
    ['after, newest first', { after: 'note_5', order: 'desc' }, '4 3 2', true],
    ['after, newest first, to the end', { after: 'note_4', order: 'desc' }, '3 2 1', false],
    ['what directly precedes', { before: 'note_6' }, '3 4 5', true],
    ['what precedes, down to the first', { before: 'note_4' }, '1 2 3', false],
    ['what precedes near the start', { before: 'note_2' }, '1', false],
    ['nothing before the first', { before: 'note_1' }, '', false],
    ['before, newest first', { before: 'note_2', order: 'desc' }, '5 4 3', true],
    ['before, newest first, to the start', { before: 'note_4', order: 'desc' }, '7 6 5', false],
    ['a stretch between two', { after: 'note_1', before: 'note_7' }, '2 3 4', true],
    ['all of a stretch between two', { after: 'note_1', before: 'note_4' }, '2 3', false],
    ['a stretch, newest first', { after: 'note_7', before: 'note_4', order: 'desc' }, '6 5', false],
    ['everything', { limit: 100 }, '1 2 3 4 5 6 7', false],
    ['exactly everything', { limit: 7 }, '1 2 3 4 5 6 7', false],
  ])('gives %s', async (_, request, ids, hasMore) => {
    expect(await page(request)).toEqual([ids, hasMore]);
  });

  it.each<[string, 'after' | 'before']>([
    ['note_unknown', 'after'],
    ['note_unknown', 'before'],
    ['foreign_1', 'after'],
    ['foreign_1', 'before'],
    ['other_1', 'after'],
    ['', 'after'],
    ['nul\0', 'before'],
    [`'; DROP TABLE test_notes; --`, 'after'],
  ])('refuses the cursor %j as %s, in words that tell nothing of other tenants', async (id, name) => {
    const refusal: unknown = await page({ [name]: id }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(WireError);
    expect(refusal).toMatchObject({ status: 400, param: name, type: 'invalid_request_error' });
    expect((refusal as WireError).message).toBe(`Invalid '${name}': no object found with id '${id}'.`);
  });

  it('goes on from an object that no longer fits the filters', async () => {
    await test.database.manager.update(Note, { id: 'note_2' }, { state: 'done' });
    const query = queryOf(MINE).andWhere('note.state = :state', { state: 'new' });
    const { items } = await paginate(query, { limit: 2, order: 'asc', after: 'note_2' }, MINE);
    expect(items.map(({ id }) => id)).toEqual(['note_3', 'note_4']);
  });

  describe('an object deleted in the middle of the list', () => {
    const place = { projectId: 'proj_deleting', threadId: 'thread_d' };

    beforeAll(async () => {
      for (const number of [1, 2, 3, 4, 5]) await insert({ id: `gone_${number}`, ...place });
      await test.database.transaction(async () => {
        const { manager } = test.database;
        const rows = await manager.findBy(Note, { id: 'gone_3' });
        await manager.delete(Note, { id: 'gone_3' });
        await forget(manager, Note, rows, ['threadId']);
      });
    });

    it('is still a cursor in its own list, both ways', async () => {
      expect(await page({ after: 'gone_3' }, place)).toEqual(['gone_4 gone_5', false]);
      expect(await page({ before: 'gone_3', limit: 1 }, place)).toEqual(['gone_2', true]);
      expect(await page({ after: 'gone_3' }, { projectId: place.projectId })).toEqual(['gone_4 gone_5', false]);
    });

    it.each([MINE, FOREIGN, { ...place, threadId: 'thread_e' }])('is none in the list %j', async (elsewhere) => {
      await expect(page({ after: 'gone_3' }, elsewhere)).rejects.toMatchObject({ status: 400, param: 'after' });
    });

    it('works for a day, then is forgotten', async () => {
      const { manager } = test.database;
      const hours = (count: number): Date => new Date(Date.now() + count * 3_600_000);
      expect(await pruneTombstones(manager, hours(23))).toBe(0);
      expect(await page({ after: 'gone_3' }, place)).toEqual(['gone_4 gone_5', false]);
      expect(await pruneTombstones(manager, hours(25))).toBe(1);
      await expect(page({ after: 'gone_3' }, place)).rejects.toMatchObject({ status: 400 });
    });
  });

  it('sees the rows of the transaction it runs in', async () => {
    const place = { projectId: 'proj_transaction', threadId: 'thread_t' };
    await test.database.transaction(async () => {
      await insert({ id: 'inside_1', ...place });
      await insert({ id: 'inside_2', ...place });
      expect(await page({ after: 'inside_1' }, place)).toEqual(['inside_2', false]);
    });
  });

  it('keeps tombstones of many rows', async () => {
    const place = { projectId: 'proj_many', threadId: 'thread_m' };
    const rows = Array.from({ length: 2500 }, (_, index) =>
      Object.assign(new Note(), { id: `many_${index}`, sequence: String(index), ...place }),
    );
    await test.database.transaction(() => forget(test.database.manager, Note, rows, ['threadId']));
    expect(await page({ after: 'many_2499' }, place)).toEqual(['', false]);
  });
});

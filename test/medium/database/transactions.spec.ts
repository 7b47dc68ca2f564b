import { sleep } from '@libs/kernel';
import { TypeOrmDatabase } from '../../../src/database/typeorm-database.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { describeOnEachEngine } from '../../support/engines.js';

describeOnEachEngine('Database.transaction', (engine) => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await openTestDatabase([], { engine });
    await test.database.manager.query('CREATE TABLE test_notes (text text)');
  });

  beforeEach(() => test.database.manager.query('DELETE FROM test_notes'));
  afterAll(() => test.close());

  async function write(text: string): Promise<void> {
    await test.database.manager.query('INSERT INTO test_notes VALUES ($1)', [text]);
  }

  async function read(): Promise<string[]> {
    const rows = await test.database.manager.query<{ text: string }[]>('SELECT text FROM test_notes ORDER BY text');
    return rows.map(({ text }) => text);
  }

  it('commits, gives the result of the work, and lets go', async () => {
    const result = await test.database.transaction(async () => {
      await write('a');
      return 42;
    });
    expect(result).toBe(42);
    expect(await read()).toEqual(['a']);
    expect(test.database.manager).toBe(test.dataSource.manager);
  });

  it('does exclusive work once at a time, outside transactions, and lets go of it however it ends', async () => {
    const other = new TypeOrmDatabase(test.dataSource, engine);
    const seen: unknown[] = [];
    const first = await test.database.exclusively('tidying', async () => {
      seen.push(test.database.manager === test.dataSource.manager);
      // The embedded database has one process, and so no other that could be at it.
      if (engine === 'server') seen.push(await other.exclusively('tidying', () => Promise.reject(new Error('twice'))));
      seen.push(await other.exclusively('something else', () => Promise.resolve()));
    });
    expect([first, ...seen]).toEqual(engine === 'server' ? [true, true, false, true] : [true, true, true]);
    await expect(test.database.exclusively('tidying', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await other.exclusively('tidying', () => Promise.resolve())).toBe(true);
  });

  it('takes everything back when the work throws', async () => {
    const work = test.database.transaction(async () => {
      await write('a');
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await read()).toEqual([]);
  });

  it('does what waits for the commit once the outermost transaction is through, and outside it', async () => {
    const seen: string[] = [];
    const look = (): void => {
      seen.push(test.database.manager === test.dataSource.manager ? 'outside' : 'inside');
    };
    await test.database.transaction(async () => {
      await test.database.transaction(() => {
        test.database.afterCommit(look);
        return Promise.resolve();
      });
      await write('a');
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual(['outside']);
    test.database.afterCommit(look);
    expect(seen).toEqual(['outside', 'outside']);
  });

  it('does not do what waits for the commit of what was taken back', async () => {
    const seen: string[] = [];
    const work = test.database.transaction(() => {
      test.database.afterCommit(() => seen.push('done'));
      return Promise.reject(new Error('no'));
    });
    await expect(work).rejects.toThrow('no');
    expect(seen).toEqual([]);
  });

  it('lets nested calls join the running one', async () => {
    const work = test.database.transaction(async () => {
      const outer = test.database.manager;
      await write('outer');
      await test.database.transaction(async () => {
        expect(test.database.manager).toBe(outer);
        await write('inner');
      });
      expect(await read()).toEqual(['inner', 'outer']);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await read()).toEqual([]);
  });

  it('reaches across awaits, timers and work done side by side', async () => {
    await test.database.transaction(async () => {
      await sleep(5);
      await Promise.all([write('a'), write('b'), sleep(1).then(() => write('c'))]);
      expect(await read()).toEqual(['a', 'b', 'c']);
    });
    expect(await read()).toEqual(['a', 'b', 'c']);
  });

  it('lets work outside wait for the transaction, not break into it', async () => {
    const inside = test.database.transaction(async () => {
      await sleep(50);
      await write('inside');
      throw new Error('no');
    });
    const outside = write('outside');
    await expect(inside).rejects.toThrow('no');
    await outside;
    expect(await read()).toEqual(['outside']);
  });

  it('is refused to work that goes on after the end', async () => {
    let late: Promise<void> | undefined;
    await test.database.transaction(async () => {
      late = sleep(50).then(() => write('late'));
      await write('in time');
    });
    await expect(late).rejects.toThrow(/released/);
    expect(await read()).toEqual(['in time']);
  });

  it('rolls back when a statement fails', async () => {
    const work = test.database.transaction(async () => {
      await write('a');
      await test.database.manager.query('SELECT * FROM test_missing');
    });
    await expect(work).rejects.toThrow(/test_missing/);
    expect(await read()).toEqual([]);
  });
});

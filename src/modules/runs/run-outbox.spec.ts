import type { RunChange } from './run-change.js';
import { RunOutbox } from './run-outbox.js';

const change = (id: string): RunChange => ({ event: 'thread.message.delta', id, delta: {} });
const changes = (...ids: string[]): RunChange[] => ids.map(change);

/** Notes what is written, each time until it is let go. */
class HeldWriter {
  readonly written: string[][] = [];
  private release: ((error?: Error) => void) | undefined;

  readonly write = (batch: RunChange[]): Promise<void> => {
    this.written.push(batch.map((each) => ('id' in each ? each.id : '')));
    return new Promise((resolve, reject) => {
      this.release = (error) => (error ? reject(error) : resolve());
    });
  };

  async letGo(error?: Error): Promise<void> {
    this.release?.(error);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}

describe('RunOutbox', () => {
  let writer: HeldWriter;
  let outbox: RunOutbox;
  beforeEach(() => {
    writer = new HeldWriter();
    outbox = new RunOutbox(writer.write);
  });

  it('writes the first changes at once, and together what came meanwhile', async () => {
    await outbox.add(changes('a'));
    await outbox.add(changes('b', 'c'));
    await outbox.add([]);
    await outbox.add(changes('d'));
    expect(writer.written).toEqual([['a']]);
    await writer.letGo();
    expect(writer.written).toEqual([['a'], ['b', 'c', 'd']]);
    await writer.letGo();
    await outbox.empty();
    await outbox.add(changes('e'));
    expect(writer.written).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  });

  it('is empty only when all is written', async () => {
    await outbox.add(changes('a'));
    await outbox.add(changes('b'));
    let isEmpty = false;
    const emptied = outbox.empty().then(() => (isEmpty = true));
    await writer.letGo();
    expect(isEmpty).toBe(false);
    await writer.letGo();
    await emptied;
  });

  it('makes whoever is too fast wait', async () => {
    await outbox.add(changes('a'));
    let hasRoom = false;
    const added = outbox
      .add(Array.from({ length: 300 }, (_, index) => change(`${index}`)))
      .then(() => (hasRoom = true));
    await Promise.resolve();
    expect(hasRoom).toBe(false);
    await writer.letGo();
    await writer.letGo();
    await added;
    expect(writer.written[1]).toHaveLength(300);
  });

  it('tells a failure once, and what waited behind it goes out with what comes next', async () => {
    await outbox.add(changes('a'));
    await outbox.add(changes('b'));
    await writer.letGo(new Error('no database'));
    await expect(outbox.add(changes('c'))).rejects.toThrow('no database');
    await outbox.add(changes('d'));
    await writer.letGo();
    await outbox.empty();
    expect(writer.written).toEqual([['a'], ['b', 'd']]);
  });

  it('tells a failure to who waits for it, and settles without one', async () => {
    await outbox.add(changes('a'));
    const emptied = expect(outbox.empty()).rejects.toThrow('moved on');
    await writer.letGo(new Error('moved on'));
    await emptied;
    await outbox.add(changes('b'));
    const settled = outbox.settle();
    await writer.letGo(new Error('moved on'));
    await settled;
  });
});

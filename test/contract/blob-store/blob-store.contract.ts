import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { BlobNotFoundError, BlobTooLargeError, type BlobStore } from '../../../src/storage/blob-store.js';

const LIMIT = 10 * 1024 * 1024;

/** What a suite needs to make a store and to look behind it. */
export interface BlobStoreFixture {
  store: BlobStore;
  /** Number of things the store holds, whole or partial, as seen from outside of it. */
  countEverything(): Promise<number>;
  dispose(): Promise<void>;
}

/** The rules of the BlobStore port, for any implementation. */
export function describeBlobStoreContract(name: string, create: () => Promise<BlobStoreFixture>): void {
  describe(`BlobStore contract: ${name}`, () => {
    let fixture: BlobStoreFixture;
    beforeEach(async () => {
      fixture = await create();
    });
    afterEach(() => fixture.dispose());

    describeRoundTrip(() => fixture);
    describeRanges(() => fixture);
    describeFailures(() => fixture);
    describeConcurrency(() => fixture);
    describeKeys(() => fixture);
  });
}

const read = async (store: BlobStore, key: string): Promise<Buffer> => buffer(await store.open(key));
const streamOf = (...chunks: Buffer[]): Readable => Readable.from(chunks);

function describeRoundTrip(fixture: () => BlobStoreFixture): void {
  it('gives back the bytes, and tells their number and digest', async () => {
    const content = randomBytes(300_000);
    const stored = await fixture().store.put('a-key', streamOf(content.subarray(0, 7), content.subarray(7)), LIMIT);
    expect(stored).toEqual({ bytes: 300_000, sha256: createHash('sha256').update(content).digest('hex') });
    expect(await read(fixture().store, 'a-key')).toEqual(content);
  });

  it('keeps an empty blob', async () => {
    expect((await fixture().store.put('empty', streamOf(), LIMIT)).bytes).toBe(0);
    expect(await read(fixture().store, 'empty')).toHaveLength(0);
  });

  it('replaces a blob of the same key', async () => {
    await fixture().store.put('key', streamOf(Buffer.from('a longer first version')), LIMIT);
    await fixture().store.put('key', streamOf(Buffer.from('second')), LIMIT);
    expect((await read(fixture().store, 'key')).toString()).toBe('second');
  });

  it('lists keys with the time they were written', async () => {
    const before = Date.now() - 2000;
    for (const key of ['one', 'two', 'three']) await fixture().store.put(key, streamOf(Buffer.from(key)), LIMIT);
    const listed = [];
    for await (const entry of fixture().store.list()) listed.push(entry);
    expect(listed.map((entry) => entry.key).sort()).toEqual(['one', 'three', 'two']);
    for (const entry of listed) {
      expect(entry.modifiedAt.getTime()).toBeGreaterThan(before);
      expect(entry.modifiedAt.getTime()).toBeLessThan(Date.now() + 2000);
    }
  });

  it('forgets a deleted blob, and takes a second deletion as done', async () => {
    await fixture().store.put('key', streamOf(Buffer.from('x')), LIMIT);
    await fixture().store.delete('key');
    await fixture().store.delete('key');
    await expect(fixture().store.open('key')).rejects.toThrow(BlobNotFoundError);
    expect(await fixture().countEverything()).toBe(0);
  });
}

function describeRanges(fixture: () => BlobStoreFixture): void {
  it.each([
    { start: 0, end: 0, text: '0' },
    { start: 2, end: 5, text: '2345' },
    { start: 9, end: 9, text: '9' },
    { start: 0, end: 9, text: '0123456789' },
  ])('reads bytes $start to $end', async ({ start, end, text }) => {
    await fixture().store.put('digits', streamOf(Buffer.from('0123456789')), LIMIT);
    expect((await buffer(await fixture().store.open('digits', { start, end }))).toString()).toBe(text);
  });
}

function describeFailures(fixture: () => BlobStoreFixture): void {
  it('takes content of exactly the limit', async () => {
    expect((await fixture().store.put('key', streamOf(Buffer.alloc(1000)), 1000)).bytes).toBe(1000);
  });

  it('refuses larger content in the middle of the stream, and keeps nothing', async () => {
    let given = 0;
    const endless = new Readable({
      read() {
        given += 65_536;
        this.push(Buffer.alloc(65_536));
      },
    });
    await expect(fixture().store.put('key', endless, 1_000_000)).rejects.toThrow(BlobTooLargeError);
    expect(endless.destroyed).toBe(true);
    expect(given).toBeLessThan(10_000_000);
    await expect(fixture().store.open('key')).rejects.toThrow(BlobNotFoundError);
    expect(await fixture().countEverything()).toBe(0);
  });

  it('keeps nothing of content that breaks off', async () => {
    const broken = Readable.from(
      (function* () {
        yield randomBytes(200_000);
        throw new Error('cable cut');
      })(),
    );
    await expect(fixture().store.put('key', broken, LIMIT)).rejects.toThrow('cable cut');
    expect(await fixture().countEverything()).toBe(0);
  });

  it('keeps nothing of content whose stream is destroyed without an error', async () => {
    const stream = new Readable({ read: () => undefined });
    const outcome = expect(fixture().store.put('key', stream, LIMIT)).rejects.toThrow();
    stream.push(randomBytes(1000));
    setTimeout(() => stream.destroy(), 20);
    await outcome;
    expect(await fixture().countEverything()).toBe(0);
  });

  it('leaves the former blob in place when its replacement fails', async () => {
    await fixture().store.put('key', streamOf(Buffer.from('first')), LIMIT);
    await expect(fixture().store.put('key', streamOf(Buffer.alloc(100)), 10)).rejects.toThrow(BlobTooLargeError);
    expect((await read(fixture().store, 'key')).toString()).toBe('first');
  });

  it('shows nothing while content is still coming in', async () => {
    const stream = new Readable({ read: () => undefined });
    const writing = fixture().store.put('key', stream, LIMIT);
    stream.push(randomBytes(500_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(fixture().store.open('key')).rejects.toThrow(BlobNotFoundError);
    for await (const { key } of fixture().store.list()) expect(key).not.toBe('key');
    stream.push(null);
    expect((await writing).bytes).toBe(500_000);
  });
}

function describeConcurrency(fixture: () => BlobStoreFixture): void {
  it('ends with one whole version when one key is written many times at once', async () => {
    const versions = Array.from({ length: 8 }, (_, index) => Buffer.alloc(200_000 + index, index + 1));
    await Promise.all(versions.map((version) => fixture().store.put('key', streamOf(version), LIMIT)));
    const winner = await read(fixture().store, 'key');
    expect(versions.some((version) => version.equals(winner))).toBe(true);
    expect(await fixture().countEverything()).toBe(1);
  });
}

function describeKeys(fixture: () => BlobStoreFixture): void {
  it.each([[''], ['../x'], ['a/b'], ['a.b'], ['a b'], ['a\0'], ['ä'], ['x'.repeat(129)], ['..']])(
    'refuses the key %j',
    async (key) => {
      await expect(fixture().store.put(key, streamOf(Buffer.from('x')), LIMIT)).rejects.toThrow('Not a blob key');
      await expect(fixture().store.open(key)).rejects.toThrow('Not a blob key');
      await expect(fixture().store.delete(key)).rejects.toThrow('Not a blob key');
    },
  );

  it('takes the longest key, and tells keys apart by case', async () => {
    await fixture().store.put('x'.repeat(128), streamOf(Buffer.from('long')), LIMIT);
    await fixture().store.put('Key', streamOf(Buffer.from('upper')), LIMIT);
    await fixture().store.put('key', streamOf(Buffer.from('lower')), LIMIT);
    expect((await read(fixture().store, 'Key')).toString()).toBe('upper');
    expect((await read(fixture().store, 'key')).toString()).toBe('lower');
  });
}

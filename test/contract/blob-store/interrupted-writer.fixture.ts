import { Readable } from 'node:stream';
import { LocalDiskBlobStore } from '../../../src/storage/local-disk-blob-store.js';

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error('usage: interrupted-writer <root>');

/** Writes the first megabytes of a blob and then waits for ever, for the suite to kill it. */
const content = new Readable({ read: () => undefined });
content.push(Buffer.alloc(3_000_000, 1));
setTimeout(() => process.stdout.write('half written\n'), 300);
await new LocalDiskBlobStore(root).put('half', content, 10_000_000);

import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { errorMessage } from '@libs/kernel';
import type { ParseLimits } from '../limits.js';
import { invalid } from '../unreadable.js';

/** A little text packs as well as a bomb does. */
const RATIO_MATTERS_FROM_BYTES = 16 * 1024 * 1024;

/** A zip archive in memory. Entries are unpacked one at a time, and no more of them than the limits allow. */
export class Archive {
  private unpacked = 0;

  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly packedBytes: number,
    private readonly limits: ParseLimits,
  ) {}

  /** @throws UnreadableDocumentError where it is damaged, locked, or declares to be larger than is allowed */
  static async open(bytes: Buffer, limits: ParseLimits): Promise<Archive> {
    try {
      const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true });
      return new Archive(zip, await listEntries(zip, limits), bytes.length, limits);
    } catch (error) {
      if (isUnreadable(error)) throw error;
      return invalid(`The archive is damaged: ${plain(error)}.`, error);
    }
  }

  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Text of an entry; null where there is none of that name. */
  async read(name: string): Promise<string | null> {
    const parts: Buffer[] = [];
    const found = await this.unpack(name, (part) => parts.push(part));
    return found ? Buffer.concat(parts).toString('utf8') : null;
  }

  /** Unpacks entries and forgets what they hold: afterwards a library may be trusted with them. */
  async check(isChecked: (name: string) => boolean): Promise<void> {
    for (const name of this.entries.keys()) if (isChecked(name)) await this.unpack(name, () => undefined);
  }

  private async unpack(name: string, take: (part: Buffer) => void): Promise<boolean> {
    const entry = this.entries.get(name);
    if (entry === undefined) return false;
    try {
      for await (const part of await this.zip.openReadStreamPromise(entry)) {
        this.count((part as Buffer).length);
        take(part as Buffer);
      }
      return true;
    } catch (error) {
      if (isUnreadable(error)) throw error;
      return invalid(`The archive is damaged: ${plain(error)}.`, error);
    }
  }

  private count(bytes: number): void {
    this.unpacked += bytes;
    const { maxArchiveBytes, maxArchiveRatio } = this.limits;
    const isBomb = this.unpacked > RATIO_MATTERS_FROM_BYTES && this.unpacked > this.packedBytes * maxArchiveRatio;
    if (this.unpacked > maxArchiveBytes || isBomb) tooLarge();
  }
}

async function listEntries(
  zip: ZipFile,
  { maxArchiveEntries, maxArchiveBytes }: ParseLimits,
): Promise<Map<string, Entry>> {
  if (zip.entryCount > maxArchiveEntries) invalid(`The archive holds more than ${maxArchiveEntries} entries.`);
  const entries = new Map<string, Entry>();
  let declared = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted()) invalid('The archive is encrypted. Remove its password and upload it again.');
    declared += entry.uncompressedSize;
    if (declared > maxArchiveBytes) tooLarge();
    if (entries.size >= maxArchiveEntries) invalid(`The archive holds more than ${maxArchiveEntries} entries.`);
    entries.set(entry.fileName, entry);
  }
  return entries;
}

function tooLarge(): never {
  return invalid('The archive is too large when it is unpacked.');
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && error.name === 'UnreadableDocumentError';
}

/** What a library says of the file, without quotes of its content. */
function plain(error: unknown): string {
  return errorMessage(error).split(':', 1)[0]?.slice(0, 100) ?? '';
}

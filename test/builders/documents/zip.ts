import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  content: string | Buffer;
  /** What the directory claims; the truth where it is left out. */
  claimedBytes?: number;
  /** Bit 0 says that the entry is encrypted. */
  flags?: number;
}

/** A zip archive, also such as no packer makes: any name, any claim. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content as string);
    const packed = deflateRawSync(content, { level: 9 });
    const fields = fieldsOf(entry, content, packed);
    const name = Buffer.from(entry.name, 'utf8');
    const local = Buffer.concat([
      bytes([0x04034b50, 4], [20, 2]),
      fields,
      bytes([name.length, 2], [0, 2]),
      name,
      packed,
    ]);
    centrals.push(
      Buffer.concat([
        bytes([0x02014b50, 4], [20, 2], [20, 2]),
        fields,
        bytes([name.length, 2], [0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
        name,
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const count = entries.length;
  const end = bytes(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [directory.length, 4],
    [offset, 4],
    [0, 2],
  );
  return Buffer.concat([...locals, directory, end]);
}

function fieldsOf({ claimedBytes, flags = 0 }: ZipEntry, content: Buffer, packed: Buffer): Buffer {
  return bytes(
    [flags, 2],
    [8, 2],
    [0, 2],
    [0x21, 2],
    [crc32(content), 4],
    [packed.length, 4],
    [claimedBytes ?? content.length, 4],
  );
}

/** Numbers in little-endian order, each with its size. */
function bytes(...numbers: [value: number, size: 2 | 4][]): Buffer {
  return Buffer.concat(
    numbers.map(([value, size]) => {
      const buffer = Buffer.alloc(size);
      buffer.writeUIntLE(value, 0, size);
      return buffer;
    }),
  );
}

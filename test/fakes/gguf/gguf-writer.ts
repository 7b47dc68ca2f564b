/** Value types of GGUF's metadata (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). */
const TYPE = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const;
const VERSION = 3;
const ALIGNMENT = 32;
const FLOAT32_TENSOR = 0;

export type MetadataValue =
  | { type: 'uint32' | 'float32'; value: number }
  | { type: 'string'; value: string }
  | { type: 'strings'; value: readonly string[] }
  | { type: 'floats' | 'ints'; value: readonly number[] };

export interface Tensor {
  name: string;
  /** The fastest dimension first. */
  shape: readonly number[];
  values: Float32Array;
}

/** A GGUF file of 32-bit floats. */
export function writeGguf(metadata: Readonly<Record<string, MetadataValue>>, tensors: readonly Tensor[]): Buffer {
  const entries = Object.entries(metadata);
  const head = [Buffer.from('GGUF'), uint32(VERSION), uint64(tensors.length), uint64(entries.length)];
  const pairs = entries.flatMap(([key, value]) => [text(key), encode(value)]);
  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    infos.push(text(name), uint32(shape.length), ...shape.map(uint64), uint32(FLOAT32_TENSOR), uint64(offset));
    const bytes = padded(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    data.push(bytes);
    offset += bytes.length;
  }
  return Buffer.concat([padded(Buffer.concat([...head, ...pairs, ...infos])), ...data]);
}

function encode(value: MetadataValue): Buffer {
  switch (value.type) {
    case 'uint32':
      return Buffer.concat([uint32(TYPE.uint32), uint32(value.value)]);
    case 'float32':
      return Buffer.concat([uint32(TYPE.float32), float32(value.value)]);
    case 'string':
      return Buffer.concat([uint32(TYPE.string), text(value.value)]);
    case 'strings':
      return list(TYPE.string, value.value.map(text));
    case 'floats':
      return list(TYPE.float32, value.value.map(float32));
    case 'ints':
      return list(TYPE.int32, value.value.map(uint32));
  }
}

function list(type: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([uint32(TYPE.array), uint32(type), uint64(items.length), ...items]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  const missing = (ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT;
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
}

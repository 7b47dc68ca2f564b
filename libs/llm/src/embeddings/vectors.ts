const BYTES_PER_FLOAT = 4;

/** A vector as servers write it: numbers, or base64 of little-endian 32-bit floats. Undefined where it is neither. */
export function readVector(value: unknown): Float32Array | undefined {
  const vector = typeof value === 'string' ? fromBase64(value) : fromNumbers(value);
  return vector !== undefined && vector.length > 0 && vector.every(Number.isFinite) ? vector : undefined;
}

function fromNumbers(value: unknown): Float32Array | undefined {
  if (!Array.isArray(value) || !value.every((part) => typeof part === 'number')) return undefined;
  return Float32Array.from(value);
}

function fromBase64(text: string): Float32Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % BYTES_PER_FLOAT !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Float32Array.from({ length: bytes.length / BYTES_PER_FLOAT }, (_, index) =>
    view.getFloat32(index * BYTES_PER_FLOAT, true),
  );
}

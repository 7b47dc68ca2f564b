import { invalidRequest } from '@libs/openai-wire';
import { BYTES_PER_MEBIBYTE } from '../files/index.js';
import type { UploadPartRecord, UploadRecord } from './uploads.types.js';

/** openai-wire.md section 7. */
export const LARGEST_PART_BYTES = 64 * BYTES_PER_MEBIBYTE;

/** Parts of one upload, also those that will not be named when it is completed. */
export const MOST_PARTS = 10_000;

export interface PartsHeld {
  count: number;
  bytes: number;
}

/**
 * Whether an upload may hold one part more. Parts may be sent anew after a failure, and of those only one is named at the
 * end: so there is room for every byte twice, and for some parts more. Throws 400.
 */
export function checkRoom(upload: Pick<UploadRecord, 'bytes'>, held: PartsHeld, partBytes: number): void {
  if (held.count >= MOST_PARTS) throw invalidRequest(`An upload has at most ${MOST_PARTS} parts.`);
  const most = 2 * upload.bytes + 2 * LARGEST_PART_BYTES;
  if (held.bytes + partBytes > most) {
    throw invalidRequest(`The parts of this upload have more than ${most} bytes, far more than its ${upload.bytes}.`);
  }
}

/**
 * The parts in the order of the ids. Throws 400 for an id that names no part of the upload or comes twice, and when the
 * parts are not as long together as the upload was said to be.
 */
export function orderParts<Part extends Pick<UploadPartRecord, 'id' | 'bytes'>>(
  upload: Pick<UploadRecord, 'id' | 'bytes'>,
  parts: readonly Part[],
  partIds: readonly string[],
): Part[] {
  const known = new Map(parts.map((part) => [part.id, part]));
  const named = new Set<string>();
  const ordered = partIds.map((id) => {
    if (named.has(id)) throw invalidRequest(`The part '${id}' is named more than once.`, 'part_ids', 'invalid_value');
    const part = known.get(id);
    if (!part) {
      throw invalidRequest(`No part found with id '${id}' in upload '${upload.id}'.`, 'part_ids', 'invalid_value');
    }
    named.add(id);
    return part;
  });
  const bytes = ordered.reduce((sum, part) => sum + part.bytes, 0);
  if (bytes !== upload.bytes) {
    const text = `The parts have ${bytes} bytes in total, but the upload was created for ${upload.bytes} bytes.`;
    throw invalidRequest(text, 'part_ids', 'invalid_value');
  }
  return ordered;
}

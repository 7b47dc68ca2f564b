import type { ByteRange } from '../../../storage/blob-store.js';

const SINGLE_RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * The one range of a Range header (RFC 9110 section 14). 'whole' where there is none, where there are several or where
 * it is not understood: all of these may be answered with the whole. 'unsatisfiable' for one outside the content.
 */
export function parseByteRange(header: string | undefined, bytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first = '', last = ''] = SINGLE_RANGE.exec(header?.replaceAll(' ', '') ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') return suffixRange(Number(last), bytes);
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start < bytes ? { start, end } : 'unsatisfiable';
}

function suffixRange(length: number, bytes: number): ByteRange | 'unsatisfiable' {
  if (length === 0 || bytes === 0) return 'unsatisfiable';
  return { start: Math.max(0, bytes - length), end: bytes - 1 };
}

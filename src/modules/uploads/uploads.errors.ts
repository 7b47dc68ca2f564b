import { invalidRequest, WireError } from '@libs/openai-wire';
import { BYTES_PER_MEBIBYTE } from '../files/index.js';
import { LARGEST_PART_BYTES } from './upload-parts-rules.js';

export function partTooLarge(): WireError {
  const limit = LARGEST_PART_BYTES / BYTES_PER_MEBIBYTE;
  return new WireError(413, `Part is too large. The maximum size is ${limit} MB.`, {
    param: 'data',
    code: 'part_too_large',
  });
}

export function partIsEmpty(): WireError {
  return invalidRequest('Part is empty.', 'data', 'empty_part');
}

export function partIsMissing(): WireError {
  return invalidRequest("'data' is a required property", 'data', 'missing_required_parameter');
}

export function uploadTooLarge(bytes: number, limitBytes: number): WireError {
  return invalidRequest(
    `Invalid 'bytes': integer above maximum value. Expected a value <= ${limitBytes}, but got ${bytes} instead.`,
    'bytes',
    'integer_above_max_value',
  );
}

export function checksumMismatch(md5: string): WireError {
  return invalidRequest(`The parts have the md5 checksum '${md5}', not the one given.`, 'md5', 'md5_mismatch');
}

/** 409, which clients try again: it does not last. */
export function beingCompleted(id: string): WireError {
  return new WireError(409, `The upload '${id}' is being completed.`, { code: 'upload_being_completed' });
}

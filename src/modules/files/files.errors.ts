import { invalidRequest, WireError, type WireErrorBody } from '@libs/openai-wire';
import { BYTES_PER_MEBIBYTE } from './file-limit.js';

export function fileTooLarge(limitBytes: number): WireError {
  const limit = Math.floor(limitBytes / BYTES_PER_MEBIBYTE);
  return new WireError(413, `File is too large. The maximum size is ${limit} MB.`, {
    param: 'file',
    code: 'file_too_large',
  });
}

export function fileIsEmpty(): WireError {
  return invalidRequest('File is empty.', 'file', 'empty_file');
}

/** The files endpoints put a sibling `detail` beside the error (openai-wire.md section 4.3). */
export class FilesEndpointError extends WireError {
  constructor(error: WireError) {
    super(error.status, error.message, error);
  }

  override toBody(): WireErrorBody & { detail: { message: string; code: string | null } } {
    return { ...super.toBody(), detail: { message: this.message, code: this.code } };
  }
}

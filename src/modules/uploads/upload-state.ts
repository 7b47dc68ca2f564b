import { invalidRequest, type WireError } from '@libs/openai-wire';
import type { UploadRecord, UploadStatus } from './uploads.types.js';

/** How long an upload takes parts and may be completed, from its creation (openai-wire.md section 7). */
export const UPLOAD_LIFE_MS = 60 * 60 * 1000;

/**
 * How long the parts of an expired upload stay: a completion that began in time may still be reading them, and wins over
 * the expiry.
 */
export const COMPLETION_GRACE_MS = 60 * 60 * 1000;

/** The state at a moment: a pending upload past its time has expired, whether or not anyone has written that down. */
export function statusAt({ status, expiresAt }: Pick<UploadRecord, 'status' | 'expiresAt'>, now: Date): UploadStatus {
  return status === 'pending' && expiresAt <= now ? 'expired' : status;
}

/** Throws 400 unless the upload is pending at the moment. `action` is such as 'add parts to'. */
export function demandPending(upload: UploadRecord, action: string, now: Date): void {
  const status = statusAt(upload, now);
  if (status !== 'pending') throw notPending(upload, action, status);
}

/** As `demandPending`, for what began before the upload's time was over. */
export function demandNotEnded(upload: UploadRecord, action: string): void {
  if (upload.status !== 'pending') throw notPending(upload, action, upload.status);
}

/** A client that lost the answer to its completion learns which file it has made. */
function notPending({ fileId }: UploadRecord, action: string, status: UploadStatus): WireError {
  const made = fileId === null ? '' : ` It has made the file '${fileId}'.`;
  return invalidRequest(`Cannot ${action} an upload with status '${status}'.${made}`);
}

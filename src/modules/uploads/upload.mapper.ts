import { toUnixSeconds } from '@libs/kernel';
import { toWireFile, type FileRecord } from '../files/index.js';
import type { UploadDto, UploadPartDto } from './dto/upload.dto.js';
import { statusAt } from './upload-state.js';
import type { UploadPartRecord, UploadRecord } from './uploads.types.js';

/** @param file what a completion has made */
export function toWireUpload(upload: UploadRecord, file?: FileRecord): UploadDto {
  return {
    id: upload.id,
    object: 'upload',
    bytes: upload.bytes,
    created_at: toUnixSeconds(upload.createdAt),
    expires_at: toUnixSeconds(upload.expiresAt),
    filename: upload.filename,
    purpose: upload.purpose,
    status: statusAt(upload, new Date()),
    ...(file === undefined ? {} : { file: toWireFile(file) }),
  };
}

export function toWireUploadPart({ id, createdAt, uploadId }: UploadPartRecord): UploadPartDto {
  return { id, object: 'upload.part', created_at: toUnixSeconds(createdAt), upload_id: uploadId };
}

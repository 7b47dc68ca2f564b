import { toUnixSeconds } from '@libs/kernel';
import type { FileDto } from './dto/file.dto.js';
import type { FileEntity } from './entities/file.entity.js';
import type { FileRecord } from './files.types.js';

export function toWireFile(file: FileRecord): FileDto {
  return {
    id: file.id,
    object: 'file',
    bytes: file.bytes,
    created_at: toUnixSeconds(file.createdAt),
    expires_at: toUnixSeconds(file.expiresAt),
    filename: file.filename,
    purpose: file.purpose,
    status: file.status,
    status_details: null,
  };
}

export function toFileRecord(entity: FileEntity): FileRecord {
  const { id, projectId, filename, bytes, purpose, status, sha256, mimeType, createdAt, expiresAt } = entity;
  return { id, projectId, filename, bytes, purpose, status, sha256, mimeType, createdAt, expiresAt };
}

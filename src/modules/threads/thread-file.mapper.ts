import { toUnixSeconds } from '@libs/kernel';
import type { WorkspaceFileRecord } from '../files/index.js';

/** One entry of the extension `GET /v1/threads/{id}/files`; the seeds' clients read both `name` and `filename`. */
export interface WireThreadFile {
  id: string;
  object: 'file';
  filename: string;
  name: string;
  size: number;
  url: string;
  created_at: number;
}

export function toWireThreadFile(file: WorkspaceFileRecord): WireThreadFile {
  return {
    id: file.fileId,
    object: 'file',
    filename: file.name,
    name: file.name,
    size: file.bytes,
    url: file.url,
    created_at: toUnixSeconds(file.createdAt),
  };
}

import type { UploadPurpose } from '../files/index.js';

export type UploadStatus = 'pending' | 'completed' | 'cancelled' | 'expired';

/** A file that comes in parts. */
export interface UploadRecord {
  id: string;
  filename: string;
  purpose: UploadPurpose;
  /** What the parts must have in total. */
  bytes: number;
  /** As the client says; nothing relies on it. */
  mimeType: string;
  /** What was last written down: see `statusAt` for the state now. */
  status: UploadStatus;
  createdAt: Date;
  /** When parts and completion are no longer taken. */
  expiresAt: Date;
  /** Seconds for which the file will live; null: it stays. */
  fileLifeSeconds: number | null;
  /** The file made of the parts, once there is one. */
  fileId: string | null;
}

export interface UploadPartRecord {
  /** Also the key of its blob. */
  id: string;
  uploadId: string;
  bytes: number;
  createdAt: Date;
}

/** A file, as the other modules see it. */
export interface FileRecord {
  id: string;
  projectId: string;
  /** A plain base name: no folder, no control character. */
  filename: string;
  bytes: number;
  purpose: FilePurpose;
  status: 'processed';
  /** Hexadecimal. */
  sha256: string;
  /** What the name's ending says; null for an unknown one. */
  mimeType: string | null;
  createdAt: Date;
  expiresAt: Date | null;
}

/** The purposes that clients may name. The last two are those of the seeds' programs. */
export const UPLOAD_PURPOSES = [
  'fine-tune',
  'assistants',
  'batch',
  'user_data',
  'vision',
  'evals',
  'file-extract',
  'answers',
] as const;

export type UploadPurpose = (typeof UPLOAD_PURPOSES)[number];

/** The others are of files that the server makes. */
export type FilePurpose = UploadPurpose | 'assistants_output' | 'batch_output' | 'fine-tune-results';

/** What is told of a new file besides its content. */
export interface NewFileAttributes {
  /** Made a plain base name. */
  filename: string;
  purpose: FilePurpose;
  /** Seconds from now; absent: it stays. */
  expiresAfterSeconds?: number;
}

/** Content that is stored and belongs to no file yet. */
export interface StoredContent {
  blobKey: string;
  bytes: number;
  sha256: string;
}

export type WorkspaceFileKind = 'uploaded' | 'generated';

/** A file's place in a workspace: that of a thread, or of a chat completion. */
export interface WorkspaceFileRecord {
  fileId: string;
  kind: WorkspaceFileKind;
  /** Unique within the workspace for uploaded files. Generated ones may lie in folders: `plots/a.png`. */
  name: string;
  bytes: number;
  createdAt: Date;
  /** Signed, on the file server; valid for FILE_URL_TTL_SECONDS from the moment of the answer. */
  url: string;
}

import type { AttributeFilter, Attributes, Chunk, ChunkingStrategy, DocumentMetadata } from '@libs/retrieval';
import type { Metadata } from '@libs/openai-wire';

/** A vector store without what its files add up to. */
export interface VectorStoreRecord {
  id: string;
  projectId: string;
  createdAt: Date;
  name: string | null;
  description: string | null;
  metadata: Metadata;
  /** Days without activity after which the store expires; null: never. */
  expiresAfterDays: number | null;
  lastActiveAt: Date;
  /** `expiresAfterDays` after `lastActiveAt`. */
  expiresAt: Date | null;
  /** Extension: whether its documents are summarised, and searches go by that, too. */
  hasSummaries: boolean;
}

export type StoreFileStatus = 'in_progress' | 'completed' | 'cancelled' | 'failed';

/** How far a document's summary is. `failed`: it was tried often enough; the file can be found all the same. */
export type SummaryStatus = 'in_progress' | 'completed' | 'failed';

/** How many files of a store or batch have each status. */
export type FileCounts = Record<StoreFileStatus, number>;

/** What the files of a store add up to. */
export interface StoreUsage {
  counts: FileCounts;
  bytes: number;
  /** Per cent of the ingestion of all of them. */
  progress: number;
}

export interface StoreFileError {
  code: 'server_error' | 'unsupported_file' | 'invalid_file';
  message: string;
}

/** A file in a vector store. On the wire its id is that of the file. */
export interface StoreFileRecord {
  id: string;
  projectId: string;
  createdAt: Date;
  vectorStoreId: string;
  fileId: string;
  /** The batch that brought it; null if it came alone. */
  batchId: string | null;
  status: StoreFileStatus;
  lastError: StoreFileError | null;
  chunking: ChunkingStrategy;
  attributes: Attributes;
  /** What its chunks take; 0 until they are there. */
  usageBytes: number;
  /** Per cent of the ingestion. */
  progress: number;
  /** Extension: what the parser found besides the text. Null until it was parsed. */
  documentMetadata: DocumentMetadata | null;
  /** Extension: a few sentences on the document; null until they are there. */
  summary: string | null;
  /** Extension: null where the store asks for no summaries, or the file is not there yet. */
  summaryStatus: SummaryStatus | null;
}

export interface FileBatchRecord {
  id: string;
  projectId: string;
  createdAt: Date;
  vectorStoreId: string;
  cancelledAt: Date | null;
}

/** A file on its way into a store. */
export interface NewStoreFile {
  fileId: string;
  attributes?: Attributes | undefined;
  /** Absent: OpenAI's `auto`. */
  chunking?: ChunkingStrategy | undefined;
}

/** A question to one or several stores. */
export interface StoreSearchRequest {
  /** Variants of one question. */
  queries: readonly string[];
  /** Most hits, 1 to 50. */
  limit: number;
  filter?: AttributeFilter | undefined;
  /** 0 to 1; hits below are left out. */
  scoreThreshold?: number | undefined;
  /** Leaves out what is below the floor of relevance that the server is set to. */
  onlyRelevant?: boolean | undefined;
  /** Names the reranking; `none` switches it off. */
  ranker?: string | undefined;
  /** Chunks before and after a hit that are joined to it. */
  neighbours?: number | undefined;
  hybrid?: { embeddingWeight: number; textWeight: number } | undefined;
  signal?: AbortSignal | undefined;
}

export interface StoreSearchHit {
  vectorStoreId: string;
  fileId: string;
  filename: string;
  attributes: Attributes;
  /** 0 to 1, best first. */
  score: number;
  /** What the parser found of the file besides the text. */
  documentMetadata: DocumentMetadata | null;
  chunk: Chunk;
}

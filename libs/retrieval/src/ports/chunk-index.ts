import type { Chunk } from './chunk.js';

export type AttributeValue = string | number | boolean;
export type Attributes = Record<string, AttributeValue>;

/** OpenAI's filters of vector store searches (openai-wire.md). */
export type AttributeFilter =
  | {
      type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin';
      key: string;
      value: AttributeValue | readonly (string | number)[];
    }
  | { type: 'and' | 'or'; filters: readonly AttributeFilter[] };

/** Whose rows. No call goes without it. */
export interface IndexScope {
  readonly projectId: string;
}

/** A file in a vector store: the unit that comes and goes whole. */
export interface IndexedFile {
  vectorStoreId: string;
  /**
   * Names the file's chunks within its store. It is the caller's to choose and names no row elsewhere: a file that is
   * indexed anew comes under another id, and the earlier one is deleted once nobody searches it any more.
   */
  fileId: string;
  filename: string;
  attributes: Attributes;
}

export interface SearchRequest {
  vectorStoreIds: readonly string[];
  /** Variants of one question; results are fused. */
  queries: readonly string[];
  limit: number;
  filter?: AttributeFilter | undefined;
  /** Files whose chunks are ranked by themselves as well, beside all others: they get ahead by it. */
  preferredFiles?: readonly string[] | undefined;
  /** 0–1; results below are left out. */
  scoreThreshold?: number | undefined;
  /** Leaves out what is below the floor of relevance that the server is set to. */
  onlyRelevant?: boolean | undefined;
  /** Names the reranking; `none` switches it off. */
  ranker?: string | undefined;
  /** Chunks before and after a hit that are joined to it; absent: as the server is set. */
  neighbours?: number | undefined;
  /** Weights of reciprocal rank fusion. */
  hybrid?: { embeddingWeight: number; textWeight: number } | undefined;
  signal?: AbortSignal | undefined;
}

export interface SearchHit {
  vectorStoreId: string;
  fileId: string;
  filename: string;
  attributes: Attributes;
  /** 0–1, best first. */
  score: number;
  chunk: Chunk;
}

/** Keeps chunks and finds them. */
export interface ChunkIndex {
  /**
   * Makes these the file's chunks, in place of earlier ones. Written in short transactions; a crash in between leaves
   * the old ones or none to searches, and calling it again leaves neither doubles nor holes.
   *
   * @returns bytes that the file takes, as `usage_bytes` counts them
   */
  replaceFile(
    scope: IndexScope,
    file: IndexedFile,
    chunks: readonly Chunk[],
    options?: { signal?: AbortSignal | undefined; onProgress?: (done: number, of: number) => void },
  ): Promise<number>;
  setAttributes(scope: IndexScope, vectorStoreId: string, fileId: string, attributes: Attributes): Promise<void>;
  deleteFile(scope: IndexScope, vectorStoreId: string, fileId: string): Promise<void>;
  deleteStore(scope: IndexScope, vectorStoreId: string): Promise<void>;
  /** How many chunks the stores' files have, by the file's id in the index. A file that is not there has none. */
  countChunks(scope: IndexScope, vectorStoreIds: readonly string[]): Promise<Map<string, number>>;
  /** A file's chunks in order. */
  chunksOf(scope: IndexScope, vectorStoreId: string, fileId: string): Promise<Chunk[]>;
  search(scope: IndexScope, request: SearchRequest): Promise<SearchHit[]>;
}

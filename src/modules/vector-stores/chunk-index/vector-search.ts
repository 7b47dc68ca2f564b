import type { AttributeFilter } from '@libs/retrieval';

/** A question to the vectors of a project's stores. */
export interface VectorSearch {
  vectorStoreIds: readonly string[];
  model: string;
  vector: Float32Array;
  filter: AttributeFilter | undefined;
  /** Only chunks of these files; absent: of all. */
  files?: readonly string[] | undefined;
  limit: number;
}

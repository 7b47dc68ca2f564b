import { Inject, Injectable } from '@nestjs/common';
import type { Attributes, Chunk, ChunkIndex, IndexScope } from '@libs/retrieval';
import { CHUNK_INDEX } from '../chunk-index/chunk-index.token.js';
import type { StoreSearchRequest } from '../vector-stores.types.js';
import { bestDocuments, MOST_DOCUMENTS } from './best-documents.js';

/** A summary as the index keeps it. `chunkSetId` names the chunks of the file of which it tells. */
export interface IndexedSummary {
  vectorStoreId: string;
  chunkSetId: string;
  filename: string;
  attributes: Attributes;
  text: string;
}

/**
 * The summaries of a store's files, as a store of their own in the index: one chunk a file, found by words and vectors as
 * all chunks are, and of the same project.
 */
@Injectable()
export class SummaryIndex {
  constructor(@Inject(CHUNK_INDEX) private readonly index: ChunkIndex) {}

  async put(scope: IndexScope, summary: IndexedSummary, signal: AbortSignal): Promise<void> {
    const { vectorStoreId, chunkSetId, filename, attributes, text } = summary;
    const file = { vectorStoreId: placeOf(vectorStoreId), fileId: chunkSetId, filename, attributes };
    await this.index.replaceFile(scope, file, [chunkOf(text)], { signal });
  }

  setAttributes(scope: IndexScope, vectorStoreId: string, chunkSetId: string, attributes: Attributes): Promise<void> {
    return this.index.setAttributes(scope, placeOf(vectorStoreId), chunkSetId, attributes);
  }

  remove(scope: IndexScope, vectorStoreId: string, chunkSetId: string): Promise<void> {
    return this.index.deleteFile(scope, placeOf(vectorStoreId), chunkSetId);
  }

  removeAll(scope: IndexScope, vectorStoreId: string): Promise<void> {
    return this.index.deleteStore(scope, placeOf(vectorStoreId));
  }

  /**
   * The chunk sets of the documents that answer a question by what is said of them, best first. Without the reranker: it
   * judges the passages to which they lead, and is asked once a search.
   */
  async find(scope: IndexScope, vectorStoreIds: readonly string[], request: StoreSearchRequest): Promise<string[]> {
    const { queries, filter, hybrid, signal } = request;
    const places = vectorStoreIds.map(placeOf);
    const search = { vectorStoreIds: places, queries, limit: MOST_DOCUMENTS, filter, hybrid, signal };
    return bestDocuments(
      await this.index.search(scope, { ...search, ranker: 'none', scoreThreshold: 0, neighbours: 0 }),
    );
  }
}

/** No store's id looks like it. */
function placeOf(vectorStoreId: string): string {
  return `${vectorStoreId}/summaries`;
}

const CHARACTERS_PER_TOKEN = 4;

function chunkOf(text: string): Chunk {
  const tokens = Math.ceil(text.length / CHARACTERS_PER_TOKEN);
  return { index: 0, text, start: 0, end: text.length, tokens, page: null, headings: [] };
}

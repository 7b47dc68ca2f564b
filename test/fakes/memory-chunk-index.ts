import type { Attributes, Chunk, ChunkIndex, IndexedFile, IndexScope, SearchHit, SearchRequest } from '@libs/retrieval';

interface KeptFile extends IndexedFile {
  projectId: string;
  chunks: readonly Chunk[];
}

/** Chunks in memory, found by words in common: for tests of what stands around an index. Filters are not looked at. */
export class MemoryChunkIndex implements ChunkIndex {
  readonly kept = new Map<string, KeptFile>();
  /** Called in the middle of each writing; what it throws ends it. */
  whileWriting: (file: IndexedFile, signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();

  async replaceFile(
    scope: IndexScope,
    file: IndexedFile,
    chunks: readonly Chunk[],
    options: Parameters<ChunkIndex['replaceFile']>[3] = {},
  ): Promise<number> {
    this.kept.set(keyOf(file.vectorStoreId, file.fileId), {
      ...file,
      projectId: scope.projectId,
      chunks: chunks.slice(0, 1),
    });
    options.onProgress?.(1, chunks.length);
    await this.whileWriting(file, options.signal);
    options.signal?.throwIfAborted();
    this.kept.set(keyOf(file.vectorStoreId, file.fileId), { ...file, projectId: scope.projectId, chunks });
    return chunks.reduce((sum, { text }) => sum + text.length, 0);
  }

  setAttributes(_scope: IndexScope, storeId: string, fileId: string, attributes: Attributes): Promise<void> {
    const file = this.kept.get(keyOf(storeId, fileId));
    if (file) file.attributes = attributes;
    return Promise.resolve();
  }

  deleteFile(_scope: IndexScope, storeId: string, fileId: string): Promise<void> {
    this.kept.delete(keyOf(storeId, fileId));
    return Promise.resolve();
  }

  deleteStore(_scope: IndexScope, storeId: string): Promise<void> {
    for (const [key, file] of this.kept) if (file.vectorStoreId === storeId) this.kept.delete(key);
    return Promise.resolve();
  }

  countChunks(_scope: IndexScope, storeIds: readonly string[]): Promise<Map<string, number>> {
    const files = [...this.kept.values()].filter(({ vectorStoreId }) => storeIds.includes(vectorStoreId));
    return Promise.resolve(new Map(files.map(({ fileId, chunks }) => [fileId, chunks.length])));
  }

  chunksOf(_scope: IndexScope, storeId: string, fileId: string): Promise<Chunk[]> {
    return Promise.resolve([...(this.kept.get(keyOf(storeId, fileId))?.chunks ?? [])]);
  }

  search(scope: IndexScope, { vectorStoreIds, queries, limit }: SearchRequest): Promise<SearchHit[]> {
    const words = new Set(queries.join(' ').toLowerCase().split(/\W+/));
    const hits = [...this.kept.values()]
      .filter((file) => file.projectId === scope.projectId && vectorStoreIds.includes(file.vectorStoreId))
      .flatMap(({ vectorStoreId, fileId, filename, attributes, chunks }) =>
        chunks.map((chunk) => ({ vectorStoreId, fileId, filename, attributes, chunk, score: scoreOf(chunk, words) })),
      );
    return Promise.resolve(
      hits
        .filter(({ score }) => score > 0)
        .sort((one, other) => other.score - one.score)
        .slice(0, limit),
    );
  }
}

function keyOf(storeId: string, fileId: string): string {
  return `${storeId}/${fileId}`;
}

function scoreOf({ text }: Chunk, words: ReadonlySet<string>): number {
  const found = [...new Set(text.toLowerCase().split(/\W+/))].filter((word) => words.has(word));
  return words.size === 0 ? 0 : found.length / words.size;
}

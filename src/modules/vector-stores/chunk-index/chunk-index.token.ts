/** Injects the index of chunks: `@Inject(CHUNK_INDEX) index: ChunkIndex`. */
export const CHUNK_INDEX = Symbol('CHUNK_INDEX');

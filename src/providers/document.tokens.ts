/** Injects the parser of documents: `@Inject(DOCUMENT_PARSER) parser: DocumentParser`. */
export const DOCUMENT_PARSER = Symbol('DOCUMENT_PARSER');

/** Injects what cuts documents: `@Inject(CHUNK_DOCUMENT) chunk: ChunkDocument`. */
export const CHUNK_DOCUMENT = Symbol('CHUNK_DOCUMENT');

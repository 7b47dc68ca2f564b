export { chunkDocument } from './chunk/chunk-document.js';
export { createDocumentParser, type DocumentParserOptions } from './parse/create-document-parser.js';
export { DEFAULT_PARSE_LIMITS, type ParseLimits } from './parse/limits.js';
export * from './ports/chunk.js';
export type * from './ports/chunk-index.js';
export type * from './ports/document.js';
export * from './ports/unreadable-document-error.js';
export * from './rank/index.js';
export { PatientEmbedder, type EmbeddingLimits } from './embedding/patient-embedder.js';

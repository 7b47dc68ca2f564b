export { chunkDocument } from './chunk/chunk-document.js';
export * from './ports/chunk.js';
export type * from './ports/chunk-index.js';
export type * from './ports/document.js';
export * from './ports/unreadable-document-error.js';

export type * from './ports/chat-model.js';
export * from './ports/model-error.js';
export type * from './ports/model-server.js';

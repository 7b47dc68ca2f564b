export * from './assistants.js';
export * from './list.js';
export * from './sse.js';
export * from './wire-error.js';

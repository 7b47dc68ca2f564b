export * from './request-context.js';
export * from './sse-response.js';

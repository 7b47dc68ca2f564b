export * from './client-departure.js';
export * from './connection-times.js';
export * from './request-body.js';
export * from './request-context.js';
export * from './sse-response.js';
export * from './trace-parent.js';
export * from './whole-body.js';
export * from './wire-page.js';

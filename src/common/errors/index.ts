export * from './detail-error.js';
export * from './error.filter.js';
export * from './model-error.js';

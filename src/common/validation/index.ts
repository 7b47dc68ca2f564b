export * from './checks.js';
export * from './list-query.dto.js';
export * from './problem.js';
export * from './properties.js';
export * from './validation.pipe.js';

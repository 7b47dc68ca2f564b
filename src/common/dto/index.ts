export * from './hybrid-search.dto.js';
export * from './model-options.dto.js';
export * from './tool-resources.dto.js';
export * from './tools.dto.js';

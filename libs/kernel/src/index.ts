export * from './cancellation.js';
export * from './clock.js';
export * from './errors.js';
export * from './ids.js';
export * from './network/checked-lookup.js';
export * from './process/sibling.js';
export * from './until-aborted.js';
export * from './well-formed.js';

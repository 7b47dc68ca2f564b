export * from './ports/sandbox-provider.js';
export { BubblewrapProvider, type BubblewrapOptions } from './bubblewrap/bubblewrap-provider.js';

export * from './ports/sandbox-provider.js';

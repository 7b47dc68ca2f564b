export * from './ports/sandbox-provider.js';
export { BubblewrapProvider, type BubblewrapOptions } from './bubblewrap/bubblewrap-provider.js';
export { DenoProvider, type DenoOptions } from './deno-pyodide/deno-provider.js';
export { chooseProvider, createSandbox, type SandboxChoice, type SandboxOptions } from './choose/create-sandbox.js';

export * from './ports/sandbox-provider.js';
export { BubblewrapProvider, type BubblewrapOptions } from './bubblewrap/bubblewrap-provider.js';
export { DenoProvider, type DenoOptions } from './deno-pyodide/deno-provider.js';
export { chooseProvider, createSandbox, type SandboxChoice, type SandboxOptions } from './choose/create-sandbox.js';
export { SessionKeeper, type KeeperOptions, type KeptHold } from './keeper/session-keeper.js';
export { type KeptSession, type WorkspaceKey } from './keeper/kept-session.js';
export { RemoteProvider, type RemoteOptions } from './remote/client/remote-provider.js';
export { SandboxHost, type SandboxHostOptions } from './remote/host/sandbox-host.js';
export { SHORTEST_TOKEN } from './remote/wire/wire.js';

export { ConfigError, loadConfig, type Config } from './load-config.js';
export type { McpServerSettings } from './mcp-servers.js';
export { renderVariablesTable } from './variables-table.js';
export type { CatalogModel } from './file/catalog.js';
export type { ModelsSection } from './file/models-section.js';
export type { FileEgressRule, SandboxSection } from './file/sandbox-section.js';
export type { FileServer } from './file/servers.js';

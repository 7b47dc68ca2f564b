export { ConfigError, loadConfig, type Config } from './load-config.js';
export type { McpServerSettings } from './mcp-servers.js';
export { renderVariablesTable } from './variables-table.js';

export { ConfigError, loadConfig, type Config } from './load-config.js';
export { renderVariablesTable } from './variables-table.js';

export { BuiltInTools } from './built-in/built-in-tools.service.js';
export { ToolsModule } from './tools.module.js';
export type { CodeHistory } from './code-interpreter.tool.js';
export type { Knowledge } from './file-search/file-search.tool.js';
export { ToolsService, type Surroundings, type Toolbox } from './tools.service.js';

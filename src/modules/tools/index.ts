export { ToolsModule } from './tools.module.js';
export { ToolsService, type Toolbox } from './tools.service.js';

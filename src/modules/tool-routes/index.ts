export { ToolRoutesModule } from './tool-routes.module.js';

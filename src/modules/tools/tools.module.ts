import { Module } from '@nestjs/common';
import { FilesModule } from '../files/index.js';
import { SandboxModule } from '../sandbox/index.js';
import { VectorStoresModule } from '../vector-stores/index.js';
import type { BuiltInTool } from './built-in/built-in-tool.js';
import { ALL_BUILT_IN_TOOLS, BuiltInTools } from './built-in/built-in-tools.service.js';
import { BUILT_IN_TOOLS } from './built-in/index.js';
import { WebSearchService } from './built-in/web-search/web-search.service.js';
import { ToolsService } from './tools.service.js';

@Module({
  imports: [FilesModule, SandboxModule, VectorStoresModule],
  providers: [
    ToolsService,
    BuiltInTools,
    WebSearchService,
    ...BUILT_IN_TOOLS,
    { provide: ALL_BUILT_IN_TOOLS, inject: BUILT_IN_TOOLS, useFactory: (...tools: BuiltInTool[]) => tools },
  ],
  exports: [ToolsService, BuiltInTools, WebSearchService],
})
export class ToolsModule {}

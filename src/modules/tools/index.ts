export { BuiltInTools } from './built-in/built-in-tools.service.js';
export { WEB_SEARCH_LIMITS, WebSearchService } from './built-in/web-search/web-search.service.js';
export { WebSearchError, type WebSearchResult } from './built-in/web-search/web-search.js';
export { ToolsModule } from './tools.module.js';
export type { CodeEvent, CodeHistory, CodeSession, CodeWorkspace } from './code-session.js';
export { fittingHits } from './file-search/passages.js';
export type { Knowledge } from './file-search/file-search.tool.js';
export { ToolsService, type Surroundings, type Toolbox } from './tools.service.js';

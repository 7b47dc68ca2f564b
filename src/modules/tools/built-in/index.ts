import type { Type } from '@nestjs/common';
import type { BuiltInTool } from './built-in-tool.js';
import { CalculatorTool } from './calculator/calculator.tool.js';
import { McpTool } from './mcp/mcp.tool.js';
import { WebSearchTool } from './web-search/web-search.tool.js';

/** Every built-in tool. A new one is a file beside these and a line here. */
export const BUILT_IN_TOOLS: Type<BuiltInTool>[] = [CalculatorTool, WebSearchTool, McpTool];

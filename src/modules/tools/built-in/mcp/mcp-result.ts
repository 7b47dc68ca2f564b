import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { cutResult } from '../cut-result.js';

const LONGEST_RESULT = 100_000;

/** What the model reads of an MCP tool's result. Of images and sounds it learns that they are there. */
export function mcpResultText(result: CallToolResult): string {
  const parts = result.content.map(partText).filter((text) => text !== '');
  const structured = parts.length === 0 && result.structuredContent ? JSON.stringify(result.structuredContent) : '';
  const text = parts.length > 0 ? parts.join('\n\n') : structured || '(no content)';
  return cutResult(result.isError ? `The tool failed: ${text}` : text, LONGEST_RESULT);
}

function partText(part: CallToolResult['content'][number]): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
    case 'audio':
      return `(${part.type}, ${part.mimeType}, not shown)`;
    case 'resource':
      return 'text' in part.resource ? part.resource.text : `(resource ${part.resource.uri}, not shown)`;
    case 'resource_link':
      return `${part.name}: ${part.uri}`;
  }
}

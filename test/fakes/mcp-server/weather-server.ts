import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

/** An MCP server by the official SDK: a forecast, the process's environment and number, and tools that fail. */
export function weatherServer(): McpServer {
  const server = new McpServer({ name: 'weather', version: '1.0.0' });
  server.registerTool(
    'get_forecast',
    { description: 'The forecast for a place.', inputSchema: { place: z.string() } },
    ({ place }) => ({ content: [{ type: 'text', text: `In ${place} it will be sunny.` }] }),
  );
  server.registerTool('list_environment', { description: 'Names of the variables.' }, () => ({
    content: [{ type: 'text', text: Object.keys(process.env).sort().join(',') }],
  }));
  server.registerTool('break', { description: 'Fails.' }, () => ({
    content: [{ type: 'text', text: 'The instrument is broken.' }],
    isError: true,
  }));
  server.registerTool('identify_process', { description: 'Its number.' }, () => ({
    content: [{ type: 'text', text: String(process.pid) }],
  }));
  server.registerTool('crash', { description: 'Ends the process.' }, () => process.exit(1));
  return server;
}

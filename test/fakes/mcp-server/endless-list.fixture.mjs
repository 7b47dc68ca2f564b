import { createInterface } from 'node:readline';

/** An MCP server by hand whose list of tools never ends: each page has one tool, or none, and names a next one. */
const toolsAPage = Number(process.argv[2]);
let pages = 0;

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const answers = {
    initialize: () => ({
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'endless', version: '1' },
    }),
    'tools/list': () => {
      pages += 1;
      const tools = Array.from({ length: toolsAPage }, () => ({
        name: `tool_${pages}`,
        inputSchema: { type: 'object' },
      }));
      return { tools, nextCursor: String(pages) };
    },
  };
  const result = answers[method]?.();
  if (result) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
});

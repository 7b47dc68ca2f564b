import { readMcpServers } from '../mcp-servers.js';
import { file, text, url } from '../variable.js';
import { HTTP } from './protocols.js';

/** What the tools that the server runs itself reach. */
export const TOOLS = {
  SEARXNG_URL: url({
    default: undefined,
    protocols: HTTP,
    description: 'SearXNG that the tool web_search asks; it must answer in JSON. It wins over Tavily.',
  }),
  TAVILY_API_KEY: text({
    default: undefined,
    secret: true,
    description: 'Key of Tavily, which the tool web_search asks where no SearXNG is set.',
  }),
  TAVILY_URL: url({ default: 'https://api.tavily.com', protocols: HTTP, description: "Address of Tavily's API." }),
  MCP_CONFIG: file(
    {
      default: [],
      description: 'File with the MCP servers that assistants may use, in the usual form {"mcpServers": {…}}.',
    },
    readMcpServers,
  ),
} as const;

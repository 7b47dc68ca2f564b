import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { CallToolResult, Tool as McpToolDefinition } from '@modelcontextprotocol/sdk/types.js';
import type { McpServerSettings } from '@config';

const CONNECT_TIMEOUT_MS = 15_000;
const CALL_TIMEOUT_MS = 120_000;
/** For which a list of tools is taken as true. */
const LIST_LIFETIME_MS = 60_000;
const MOST_TOOLS = 128;

/**
 * One MCP server, connected with the first use and again after it went away. Its calls run beside each other, for every
 * project that may use it.
 */
export class McpConnection {
  #client: Promise<Client> | null = null;
  #tools: { at: number; list: McpToolDefinition[] } | null = null;

  constructor(private readonly settings: McpServerSettings) {}

  /** The tools that the administrator allows. Throws where the server does not answer. */
  async tools(): Promise<McpToolDefinition[]> {
    if (this.#tools && Date.now() - this.#tools.at < LIST_LIFETIME_MS) return this.#tools.list;
    const client = await this.#connected();
    const all: McpToolDefinition[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout: CONNECT_TIMEOUT_MS });
      all.push(...page.tools);
      cursor = page.nextCursor;
    } while (cursor !== undefined && all.length < MOST_TOOLS);
    const list = all.filter(({ name }) => this.settings.tools?.includes(name) ?? true).slice(0, MOST_TOOLS);
    this.#tools = { at: Date.now(), list };
    return list;
  }

  /** @param signal tells the server that nobody waits any more */
  async call(name: string, toolArguments: Record<string, unknown>, signal: AbortSignal): Promise<CallToolResult> {
    const client = await this.#connected();
    const request = { name, arguments: toolArguments };
    return (await client.callTool(request, undefined, { signal, timeout: CALL_TIMEOUT_MS })) as CallToolResult;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    this.#tools = null;
    await client?.then((connected) => connected.close()).catch(() => undefined);
  }

  #connected(): Promise<Client> {
    this.#client ??= this.#connect().catch((error: unknown) => {
      this.#client = null;
      throw error;
    });
    return this.#client;
  }

  async #connect(): Promise<Client> {
    // Loaded with the first use: most installations have no MCP server, and it would cost their starts.
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const client = new Client({ name: 'threadmill', version: '1' });
    client.onclose = () => {
      this.#client = null;
      this.#tools = null;
    };
    await client.connect(await transportOf(this.settings), { timeout: CONNECT_TIMEOUT_MS });
    return client;
  }
}

/** A process gets what it is configured with and a bare environment: none of the server's secrets. */
async function transportOf(settings: McpServerSettings): Promise<Transport> {
  if (settings.transport === 'stdio') {
    const { command, args, env } = settings;
    const { getDefaultEnvironment, StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
    return new StdioClientTransport({
      command,
      args: [...args],
      env: { ...getDefaultEnvironment(), ...env },
      stderr: 'ignore',
    });
  }
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  return new StreamableHTTPClientTransport(new URL(settings.url), {
    requestInit: { headers: { ...settings.headers } },
  });
}

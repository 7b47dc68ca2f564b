import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { McpServerSettings } from '@config';
import { MOST_ANSWER_BYTES, withLimit } from './answer-limit.js';

/**
 * The way to a server. A process gets what it is configured with and a bare environment: none of the server's secrets.
 *
 * @param onTooLarge is told of an answer that is not read to its end
 */
export async function transportOf(settings: McpServerSettings, onTooLarge: (error: Error) => void): Promise<Transport> {
  if (settings.transport === 'stdio') {
    const { command, args, env } = settings;
    const { getDefaultEnvironment, StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
    return new StdioClientTransport({
      command,
      args: [...args],
      env: { ...getDefaultEnvironment(), ...env },
      stderr: 'ignore',
      maxBufferSize: MOST_ANSWER_BYTES,
    });
  }
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  return new StreamableHTTPClientTransport(new URL(settings.url), {
    requestInit: { headers: { ...settings.headers } },
    fetch: async (url, init) => withLimit(await fetch(url, init), onTooLarge),
  });
}

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { HttpMcpServer } from '../../../../../test/fakes/mcp-server/http-mcp-server.js';
import { McpConnection } from './mcp-connection.js';
import { mcpResultText } from './mcp-result.js';

const PATIENCE_MS = 60_000;
const GENERAL = { label: 'weather', projects: null, tools: null };

async function ask(connection: McpConnection, name: string, toolArguments: Record<string, unknown> = {}) {
  return mcpResultText(await connection.call(name, toolArguments, new AbortController().signal));
}

describe('over HTTP, a server that was started anew and knows the session no more', () => {
  test.each([
    ['as the specification says', { status: 404, message: 'Session not found' }],
    ['as the SDK itself', { status: 400, message: 'Bad Request: Server not initialized' }],
    ['as examples of the SDK', { status: 400, message: 'Bad Request: No valid session ID provided' }],
  ])('is met again in a new session, where it says so %s', async (_title, unknownSession) => {
    const server = await new HttpMcpServer(unknownSession).start();
    const connection = new McpConnection({ ...GENERAL, transport: 'http', url: server.url, headers: {} });
    try {
      expect(await connection.tools()).toHaveLength(5);
      server.forgetSessions();
      const forecasts = ['Bern', 'Oslo'].map((place) => ask(connection, 'get_forecast', { place }));
      expect(await Promise.all(forecasts)).toEqual(['In Bern it will be sunny.', 'In Oslo it will be sunny.']);
      expect(server.sessionIds).toHaveLength(2);
      server.forgetSessions();
      expect(await connection.tools()).toHaveLength(5);
    } finally {
      await connection.close();
      await server.stop();
    }
  });

  test('what it refuses for another reason is asked once', async () => {
    const server = await new HttpMcpServer({ status: 400, message: 'No.' }).start();
    const connection = new McpConnection({ ...GENERAL, transport: 'http', url: server.url, headers: {} });
    try {
      await connection.tools();
      server.forgetSessions();
      await expect(ask(connection, 'break')).rejects.toThrow('No.');
      expect(server.sessionIds).toHaveLength(1);
    } finally {
      await connection.close();
      await server.stop();
    }
  });
});

describe('over stdio', () => {
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const fixture = fileURLToPath(new URL('../../../../../test/fakes/mcp-server/stdio.fixture.ts', import.meta.url));
  const settings = { command: process.execPath, args: ['--import', tsx, fixture], env: {} };
  const connection = new McpConnection({ ...GENERAL, transport: 'stdio', ...settings });
  afterAll(() => connection.close());

  test(
    'one that crashed is started again, and the end of an old one leaves the new one alone',
    async () => {
      const first = await ask(connection, 'identify_process');
      await expect(ask(connection, 'crash')).rejects.toThrow();
      const second = await ask(connection, 'identify_process');
      expect(second).not.toBe(first);
      const closing = connection.close();
      const third = ask(connection, 'identify_process');
      await closing;
      expect(await third).not.toBe(second);
      expect(await ask(connection, 'identify_process')).toBe(await third);
    },
    PATIENCE_MS,
  );

  test.each([
    [1, null, 100],
    [0, null, 0],
    [1, ['tool_99'], 1],
  ])('a list without end is read to some page: %i tool a page, of which %j may be used', async (size, tools, count) => {
    const endless = fileURLToPath(
      new URL('../../../../../test/fakes/mcp-server/endless-list.fixture.mjs', import.meta.url),
    );
    const started = { command: process.execPath, args: [endless, String(size)], env: {} };
    const asked = new McpConnection({ ...GENERAL, tools, transport: 'stdio', ...started });
    try {
      expect(await asked.tools()).toHaveLength(count);
    } finally {
      await asked.close();
    }
  });
});

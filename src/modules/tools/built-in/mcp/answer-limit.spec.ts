import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { LargeAnswersServer, type Flood } from '../../../../../test/fakes/mcp-server/large-answers.js';
import { AnswerTooLargeError, MOST_ANSWER_BYTES, withLimit } from './answer-limit.js';
import { McpConnection } from './mcp-connection.js';

const GENERAL = { label: 'large', projects: null, tools: null };
const FLOODS: Flood[] = ['greeting', 'list', 'pages', 'result'];

/** What is asked last meets the flood. */
async function use(connection: McpConnection, flood: Flood): Promise<unknown> {
  try {
    if (flood !== 'result') return await connection.tools();
    await connection.tools();
    return await connection.call('look', {}, new AbortController().signal);
  } finally {
    await connection.close();
  }
}

describe.each(FLOODS)('a server whose %s is too large is told of clearly', (flood) => {
  test('over stdio', async () => {
    const fixture = fileURLToPath(
      new URL('../../../../../test/fakes/mcp-server/large-answers.fixture.ts', import.meta.url),
    );
    const args = ['--import', createRequire(import.meta.url).resolve('tsx'), fixture, flood];
    const settings = { command: process.execPath, args, env: {} };
    const connection = new McpConnection({ ...GENERAL, transport: 'stdio', ...settings });
    await expect(use(connection, flood)).rejects.toThrow(AnswerTooLargeError);
  });

  test.each([
    ['in one answer', false],
    ['in an event', true],
  ])('over HTTP, %s', async (_, isStream) => {
    const server = await new LargeAnswersServer(flood, isStream).start();
    const connection = new McpConnection({ ...GENERAL, transport: 'http', url: server.url, headers: {} });
    try {
      await expect(use(connection, flood)).rejects.toThrow(AnswerTooLargeError);
    } finally {
      await server.stop();
    }
  });
});

test('a stream may go on for ever in small events', async () => {
  const event = Buffer.from(`data: ${'x'.repeat(1024 * 1024)}\n\n`);
  let left = 2 * (MOST_ANSWER_BYTES / event.byteLength);
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => (left-- > 0 ? controller.enqueue(event) : controller.close()),
  });
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  const told: Error[] = [];
  const read = await withLimit(response, (error) => told.push(error)).arrayBuffer();
  expect(read.byteLength).toBeGreaterThan(1.5 * MOST_ANSWER_BYTES);
  expect(told).toEqual([]);
});

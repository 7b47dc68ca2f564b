import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ValidatingFetch } from './validating-fetch.js';

/** A proof that the client of the contract tests would see a wrong answer. */
describe('the validating client', () => {
  let server: Server;
  let answer: { status: number; type: string; body: string; headers?: Record<string, string> };
  let validating: ValidatingFetch;

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(answer.status, { 'content-type': answer.type, 'x-request-id': 'req_1', ...answer.headers });
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    validating = new ValidatingFetch();
  });
  afterAll(() => server.close());

  async function problemsOf(path: string, given: typeof answer, method = 'GET'): Promise<string[]> {
    answer = given;
    const { port } = server.address() as AddressInfo;
    await (await validating.fetch(`http://127.0.0.1:${port}/v1${path}`, { method })).text();
    return validating.takeProblems();
  }
  const json = (body: unknown, status = 200): typeof answer => ({
    status,
    type: 'application/json',
    body: JSON.stringify(body),
  });
  const thread = { id: 'thread_1', object: 'thread', created_at: 1_700_000_000, tool_resources: {}, metadata: {} };

  it('takes a right answer and remembers its operation', async () => {
    expect(await problemsOf('/threads/thread_1', json(thread))).toEqual([]);
    expect([...validating.seenOperations]).toEqual(['getThread']);
    expect(validating.validatedBodies).toBe(1);
  });

  it('tells the more literal path from the other', async () => {
    await problemsOf('/threads/runs', json(thread), 'POST');
    expect([...validating.seenOperations]).toEqual(['createThreadAndRun']);
  });

  it.each([
    ['a missing field', '/threads/t', json({ ...thread, metadata: undefined }), /metadata/],
    ['a wrong type', '/threads/t', json({ ...thread, created_at: '1' }), /created_at must be integer/],
    ['milliseconds', '/threads/t', json({ ...thread, created_at: 1_700_000_000_000 }), /unixtime/],
    ['an error without all four keys', '/threads/t', json({ error: { message: 'x', type: 'y' } }, 404), /param/],
    ['an unknown operation', '/nothing', json({}), /no operation/],
    ['a body that says it is text', '/threads/t', { ...json(thread), type: 'text/html' }, /content-type/],
    ['an answer without its id', '/threads/t', { ...json(thread), headers: { 'x-request-id': '' } }, /x-request-id/],
  ])('sees %s', async (_what, path, given, problem) => {
    expect((await problemsOf(path, given)).join('\n')).toMatch(problem);
  });

  it.each([
    ['of the wrong shape', 'thread.created', { ...thread, object: 'list' }, /object must be equal/],
    ['of no known name', 'thread.invented', thread, /no event thread\.invented/],
    ['error in the flat form', 'error', { message: 'x', type: 'y', param: null, code: null }, /'error'/],
  ])('sees an event %s', async (_what, event, data, problem) => {
    const body = `event: ${event}\ndata: ${JSON.stringify(data)}\n\nevent: done\ndata: [DONE]\n\n`;
    const found = await problemsOf('/threads/runs', { status: 200, type: 'text/event-stream', body }, 'POST');
    expect(found.join('\n')).toMatch(problem);
  });
});

import type { OpenAI } from 'openai';
import { ImitationSearchEngine } from '../fakes/web-search/imitation-search-engine.js';
import { startServer, type TestServer } from '../support/server.js';
import { pythonTurn, startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { askTools, type ToolAnswer } from './support/tool-routes.js';

const START_PATIENCE_MS = 120_000;
const HIT = {
  title: 'Corn',
  url: 'https://example.org/corn',
  content: 'Corn costs 4 dollars.',
  publishedDate: '2026-01-02',
};

type SessionAnswer = OpenAI.Chat.Completions.ChatCompletion & { x_session_id: string };

describe('tools that are called directly', () => {
  const engine = new ImitationSearchEngine();
  let scripted: ScriptedServer;
  let stranger: string;

  beforeAll(async () => {
    await engine.start();
    scripted = await startScriptedServer({ env: { TAVILY_API_KEY: 'tvly-secret', TAVILY_URL: engine.url } });
    stranger = await scripted.server.signUp('stranger');
  }, START_PATIENCE_MS);
  beforeEach(() => {
    engine.hits = [HIT];
    engine.failure = null;
    engine.requests.length = 0;
  });
  afterAll(async () => {
    await scripted?.stop();
    await engine.stop();
  });

  const get = (path: string, token: string | null = scripted.token) => askTools(scripted.server, token, path);
  const post = async (path: string, body: object, token: string | null = scripted.token) => {
    const { status, body: answer } = await askTools(scripted.server, token, path, { body });
    expect({ status, answer }).toMatchObject({ status: 200 });
    return answer as unknown as ToolAnswer;
  };
  const python = (code: string, session_id: string, more: object = {}, token = scripted.token) =>
    post('python_coder', { code, session_id, ...more }, token);

  test('are listed', async () => {
    expect(await get('list')).toMatchObject({
      status: 200,
      body: {
        tools: [
          { name: 'websearch', enabled: true },
          { name: 'python_coder', enabled: true },
          { name: 'rag', enabled: true },
        ],
      },
    });
  });

  test.each(['list', 'python_coder/files/s', 'python_coder/files/s/a.txt'])('%s wants a credential', async (path) => {
    expect(await get(path, null)).toEqual({ status: 401, body: { detail: expect.any(String) as unknown } });
  });

  test.each([
    ['websearch', { query: 'x' }],
    ['python_coder', { code: '1', session_id: 's' }],
  ])('%s wants a credential', async (path, body) => {
    expect(await askTools(scripted.server, null, path, { body })).toMatchObject({ status: 401 });
    expect(await askTools(scripted.server, 'nonsense', path, { body })).toMatchObject({ status: 401 });
    expect(engine.requests).toEqual([]);
  });

  describe('websearch', () => {
    test('brings what the engine found', async () => {
      engine.hits = [HIT, { ...HIT, url: 'javascript:alert(1)' }, { ...HIT, url: 'https://b.example/' }];
      const found = await post('websearch', { query: 'corn', max_results: 50, context: { username: 'root' } });
      const { publishedDate: published_date, ...hit } = HIT;
      expect(found).toEqual({
        success: true,
        answer: '',
        data: {
          query: 'corn',
          results: [
            { ...hit, published_date },
            { ...hit, published_date, url: 'https://b.example/' },
          ],
          num_results: 2,
        },
        metadata: { execution_time: expect.any(Number) as unknown },
        error: null,
      });
      expect(JSON.parse(engine.requests[0]?.body ?? '')).toMatchObject({ query: 'corn', max_results: 20 });
    });

    test('tells why it failed', async () => {
      engine.failure = { status: 432, body: '{"detail":"plan limit"}' };
      expect(await post('websearch', { query: 'corn' })).toMatchObject({
        success: false,
        error: 'Tavily answered with status 432.',
      });
    });

    test.each([{}, { query: '' }, { query: 'x'.repeat(401) }, { query: 'x', max_results: 0 }, { query: 'a\0b' }])(
      'refuses %j',
      async (body) => {
        const refused = await askTools(scripted.server, scripted.token, 'websearch', { body });
        expect(refused).toEqual({ status: 400, body: { detail: expect.any(String) as unknown } });
        expect(engine.requests).toEqual([]);
      },
    );
  });

  describe('python_coder', () => {
    test('runs code, and keeps variables and files by the name of the session', async () => {
      const first = await python('x = 41\nprint("hi")\nopen("out.txt", "w").write("ä")', 'work');
      expect(first).toMatchObject({ success: true, error: null });
      expect(first.answer).toContain('Code executed successfully.\n\nOutput:\nhi\n');
      expect(first.answer).toContain('Files in workspace: out.txt');
      const modified = expect.any(Number) as unknown;
      expect(first.data).toMatchObject({
        stderr: '',
        workspace: '/mnt/data',
        returncode: 0,
        files: { 'out.txt': { size: 2, path: '/mnt/data/out.txt', modified } },
      });
      expect(first.metadata).toEqual({
        execution_time: expect.any(Number) as unknown,
        code_execution_time: expect.any(Number) as unknown,
      });
      const second = await python('print(x + 1, open("out.txt").read())', 'work', { timeout: null, context: {} });
      expect(second.data['stdout']).toBe('42 ä\n');
      expect((await python('print("x" in globals())', 'other')).data['stdout']).toBe('False\n');
    });

    test('tells of code that raises, and of code that takes too long', async () => {
      const raised = await python('print("before")\n1/0', 'errors');
      expect(raised).toMatchObject({ success: false, data: { stdout: 'before\n', returncode: 1 } });
      expect(raised.error).toContain('ZeroDivisionError');
      expect(raised.answer).toMatch(/^Code execution failed\.\n\nOutput \(before error\):\nbefore/);
      const stopped = await python('while True: pass', 'errors', { timeout: 1 });
      expect(stopped).toMatchObject({ success: false, data: { returncode: -1 } });
      expect(stopped.error).toContain('1 s');
      expect((await python('print(1)', 'errors')).data['stdout']).toBe('1\n');
    });

    test('its files are listed and read, those in folders and those that are no text, too', async () => {
      const made =
        'import os\nos.makedirs("a/b")\nopen("a/b/c d.txt","w").write("deep")\nopen("x.bin","wb").write(b"\\xff\\x00")';
      await python(made, 'files');
      const { body } = await get('python_coder/files/files');
      expect(body).toEqual({ success: true, files: ['a/b/c d.txt', 'x.bin'], error: null });
      const file_id = expect.stringMatching(/^file-/) as unknown;
      const text = { success: true, filename: 'a/b/c d.txt', content: 'deep', encoding: 'utf-8', file_id, error: null };
      for (const path of ['a/b/c%20d.txt', 'a%2Fb%2Fc%20d.txt']) {
        expect(await get(`python_coder/files/files/${path}`)).toEqual({ status: 200, body: text });
      }
      const binary = await get('python_coder/files/files/x.bin');
      expect(binary.body).toMatchObject({ content: '/wA=', encoding: 'base64' });
    });

    test.each([
      'nothing.txt',
      '..%2F..%2Fetc%2Fpasswd',
      '%2Fetc%2Fpasswd',
      'out.txt%00',
      '%2e%2e/other/out.txt',
      '__proto__',
    ])('has no file %s', async (name) => {
      expect(await get(`python_coder/files/work/${name}`)).toEqual({
        status: 404,
        body: { detail: expect.any(String) as unknown },
      });
    });

    test('a chat session is a workspace by its id', async () => {
      const { models, client } = scripted;
      models.setScript([pythonTurn('y = 6\nopen("chat.txt", "w").write("from chat")'), { text: 'Done.' }]);
      const chat = async (session_id: string) => {
        const messages = [{ role: 'user' as const, content: 'Go.' }];
        const asked = { model: models.model, messages, session_id, execute_code: true };
        return (await client.chat.completions.create(asked)) as unknown as SessionAnswer;
      };
      const { x_session_id: session } = await chat('new');
      const ran = await python(
        'y *= 7\nprint(y, open("chat.txt").read())\n_ = open("tool.txt", "w").write("t")',
        session,
      );
      expect(ran.data['stdout']).toBe('42 from chat\n');
      expect((await get(`python_coder/files/${session}`)).body['files']).toEqual(['chat.txt', 'tool.txt']);
      models.setScript([pythonTurn('print(y, open("tool.txt").read())'), { text: 'Done.' }]);
      const went = await chat(session);
      expect(went.choices[0]?.message.content).toContain('```\n42 t\n');
      expect((await python('print("y" in globals())', session, {}, stranger)).data['stdout']).toBe('False\n');
      expect((await get(`python_coder/files/${session}`, stranger)).body['files']).toEqual([]);
      expect(await get(`python_coder/files/${session}/chat.txt`, stranger)).toMatchObject({ status: 404 });
    });

    test("a workspace is its project's, whatever it is called", async () => {
      await python('secret = 1\nopen("secret.txt", "w").write("s")', 'shared');
      const files = await scripted.client.files.list();
      const thread = await scripted.newThread();
      const own = files.data.find(({ filename }) => filename === 'secret.txt');
      for (const name of ['shared', thread, own?.id ?? '', '../shared', '%', 'proto\u202e', '/', 'a'.repeat(256)]) {
        const answer = await python('import os\nprint("secret" in globals(), os.listdir("."))', name, {}, stranger);
        expect(answer.data['stdout']).toBe('False []\n');
        const listed = await get(`python_coder/files/${encodeURIComponent(name)}`, stranger);
        expect(listed.body).toEqual({ success: true, files: [], error: null });
      }
      expect(await get('python_coder/files/shared/secret.txt', stranger)).toMatchObject({ status: 404 });
      expect((await python('print(secret)', 'shared')).data['stdout']).toBe('1\n');
    });

    test.each([
      {},
      { code: '1' },
      { session_id: 's' },
      { code: '1', session_id: '' },
      { code: '1', session_id: 's\0' },
      { code: '1', session_id: 's'.repeat(257) },
      { code: '1', session_id: 's', timeout: 0 },
      { code: '1', session_id: 's', timeout: '5' },
      { code: ['1'], session_id: 's' },
      { code: '1', session_id: 's', context: 'x' },
    ])('refuses %j', async (body) => {
      const refused = await askTools(scripted.server, scripted.token, 'python_coder', { body });
      expect(refused).toEqual({ status: 400, body: { detail: expect.any(String) as unknown } });
    });
  });
});

describe('without a sandbox or a search engine', () => {
  let server: TestServer;
  let token: string;

  beforeAll(async () => {
    server = await startServer({ env: { SANDBOX_PROVIDER: 'none' } });
    token = await server.signUp('anna');
  }, START_PATIENCE_MS);
  afterAll(() => server?.stop());

  test('tools say so', async () => {
    const { body } = await askTools(server, token, 'list');
    expect((body['tools'] as { enabled: boolean }[]).map(({ enabled }) => enabled)).toEqual([false, false, true]);
    expect((await askTools(server, token, 'websearch', { body: { query: 'x' } })).body).toMatchObject({
      success: false,
      error: expect.stringContaining('no web search') as unknown,
    });
    expect(
      (await askTools(server, token, 'python_coder', { body: { code: '1', session_id: 's' } })).body,
    ).toMatchObject({
      success: false,
      data: { returncode: -1, stdout: '' },
    });
  });
});

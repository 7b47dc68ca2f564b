import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDocx, makePdf, makePptx, makeScannedPdf, makeWorkbook } from '../builders/documents/corpus.js';
import { HttpMcpServer } from '../fakes/mcp-server/http-mcp-server.js';
import { LargeAnswersServer } from '../fakes/mcp-server/large-answers.js';
import type { ScriptedTurn } from '../fakes/model-server/index.js';
import { ImitationTika } from '../fakes/text-recognition/imitation-tika.js';
import { eventually } from '../support/eventually.js';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { ANSWER, call, chatTools, runWithTools, tools, type Tools } from './support/tool-run.js';
import { callWire } from './support/wire-call.js';

const START_PATIENCE_MS = 120_000;
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

const named = (name: string): object => ({ type: 'function', function: { name } });

describe('built-in tools', () => {
  const mcp = new HttpMcpServer();
  const tika = new ImitationTika();
  /** Takes connections and never says anything. */
  const large = new LargeAnswersServer('list', false);
  const silent = createServer(() => undefined);
  let folder: string;
  let scripted: ScriptedServer;

  beforeAll(async () => {
    await mcp.start();
    await large.start();
    await tika.start();
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    folder = await mkdtemp(join(tmpdir(), 'threadmill-mcp-'));
    const path = join(folder, 'mcp.json');
    const tsx = createRequire(import.meta.url).resolve('tsx/cli');
    const fixture = fileURLToPath(new URL('../fakes/mcp-server/stdio.fixture.ts', import.meta.url));
    const mcpServers = {
      weather: { url: mcp.url, headers: { authorization: 'Bearer of the weather' }, tools: ['get_forecast', 'break'] },
      local: { command: process.execPath, args: [tsx, fixture], env: { WEATHER_KEY: 'x' } },
      gone: { command: join(folder, 'no-such-program') },
      large: { url: large.url },
      silent: { url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/mcp` },
      foreign: { url: mcp.url, projects: ['proj_of_somebody_else'] },
    };
    await writeFile(path, JSON.stringify({ mcpServers }));
    scripted = await startScriptedServer({
      env: {
        TAVILY_API_KEY: 'tvly-secret',
        MCP_CONFIG: path,
        MODEL_LOG: 'true',
        MODEL_LOG_SAMPLE: '0.5',
        RAG_SUMMARY_MODEL: 'Qwen/Qwen3-8B',
        OCR_URL: tika.url,
      },
    });
  }, START_PATIENCE_MS);
  afterAll(async () => {
    await scripted?.stop();
    await mcp.stop();
    await large.stop();
    await tika.stop();
    silent.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (wanted: Tools, turns: ScriptedTurn[]): ReturnType<typeof runWithTools> =>
    runWithTools(scripted, wanted, turns);

  it('are echoed as they were given', async () => {
    const wanted = tools({ type: 'calculator' }, { type: 'web_search', options: { max_num_results: 3 } });
    const { client, models } = scripted;
    const made = await client.beta.assistants.create({ model: models.model, tools: wanted });
    expect(made.tools).toEqual(wanted);
    expect((await client.beta.assistants.retrieve(made.id)).tools).toEqual(wanted);
  });

  it.each([
    [
      { type: 'teleport' },
      'tools[0].type',
      /Supported values are: 'code_interpreter'.*'calculator', 'web_search', 'mcp'/,
    ],
    [{ type: 'calculator', options: { digits: 3 } }, 'tools[0].options.digits', /Unknown parameter/],
    [{ type: 'web_search', options: { max_num_results: 0 } }, 'tools[0].options.max_num_results', /minimum value/],
    [{ type: 'mcp' }, 'tools[0].options.server_label', /Missing required parameter/],
    [{ type: 'mcp', options: { server_label: 'unheard-of' } }, 'tools[0].options.server_label', /allows no MCP server/],
    [{ type: 'mcp', options: { server_label: 'foreign' } }, 'tools[0].options.server_label', /allows no MCP server/],
  ])('%j is refused', async (tool, param, message) => {
    const { client, models } = scripted;
    const creation = client.beta.assistants.create({ model: models.model, tools: tools(tool) });
    await expect(creation).rejects.toMatchObject({ status: 400, param, message: expect.stringMatching(message) });
  });

  it.each([
    [[{ type: 'calculator' }, named('calculator')], 'tools[1].function.name'],
    [[named('f'), named('f')], 'tools[1].function.name'],
  ])('%j: a name that is taken is refused', async (wanted, param) => {
    const { client, models } = scripted;
    const creation = client.beta.assistants.create({ model: models.model, tools: tools(...wanted) });
    await expect(creation).rejects.toMatchObject({ status: 400, param, message: expect.stringMatching(/is taken/) });
  });

  it('calculator: the value is the output of the call, and the model reads it', async () => {
    const done = await run(tools({ type: 'calculator' }), [call('calculator', { expression: '17 * 23' }), ANSWER]);
    expect(done).toMatchObject({
      status: 'completed',
      calls: [{ type: 'function', function: { name: 'calculator', output: '391' } }],
      read: '391',
    });
  });

  it('mcp over HTTP: tools that are allowed, by the label, with the configured headers', async () => {
    const wanted = tools({
      type: 'mcp',
      options: { server_label: 'weather', allowed_tools: ['get_forecast', 'list_environment'] },
    });
    const done = await run(wanted, [call('weather__get_forecast', { place: 'Bern' }), ANSWER]);
    expect(done).toMatchObject({ status: 'completed', read: 'In Bern it will be sunny.' });
    const body = scripted.models.chats.at(-1)?.body as { tools: { function: { name: string } }[] };
    expect(body.tools.map((tool) => tool.function.name)).toEqual(['weather__get_forecast']);
    expect(new Set(mcp.credentials)).toEqual(new Set(['Bearer of the weather']));
  });

  it('mcp over HTTP: what a tool calls an error, the model reads', async () => {
    const wanted = tools({ type: 'mcp', options: { server_label: 'weather' } });
    const done = await run(wanted, [call('weather__break', {}), ANSWER]);
    expect(done).toMatchObject({ status: 'completed', read: 'The tool failed: The instrument is broken.' });
  });

  it("mcp over stdio: the process sees its own variables and none of the server's", async () => {
    const wanted = tools({ type: 'mcp', options: { server_label: 'local' } });
    const done = await run(wanted, [call('local__list_environment', {}), ANSWER]);
    expect(done.status).toBe('completed');
    const names = done.read.split(',');
    expect(names).toContain('WEATHER_KEY');
    expect(names).not.toContain('TAVILY_API_KEY');
    expect(names).not.toContain('DATA_DIR');
  });

  it.each([
    ['gone', "The MCP server 'gone' does not answer."],
    ['large', "The MCP server 'large' cannot be used: It sent more than 10 MB at once."],
  ])(
    'mcp: a server that cannot be asked for its tools, %s, is named in runs and in chat completions',
    async (label, message) => {
      const { client, models } = scripted;
      const wanted = tools({ type: 'mcp', options: { server_label: label } });
      const assistant = await client.beta.assistants.create({ model: models.model, tools: wanted });
      const failed = await client.beta.threads.runs.createAndPoll(await scripted.newThread(), {
        assistant_id: assistant.id,
      });
      expect(failed).toMatchObject({ status: 'failed', last_error: { code: 'server_error', message } });
      const body = {
        model: models.model,
        messages: [{ role: 'user' as const, content: 'Hi.' }],
        tools: wanted as never,
      };
      await expect(client.chat.completions.create(body)).rejects.toMatchObject({ status: 500, error: { message } });
    },
  );

  it('mcp: a run that waits for a silent server is cancelled at once', async () => {
    const { client, models } = scripted;
    const wanted = tools({ type: 'mcp', options: { server_label: 'silent' } });
    const assistant = await client.beta.assistants.create({ model: models.model, tools: wanted });
    const thread_id = await scripted.newThread();
    const { id } = await client.beta.threads.runs.create(thread_id, { assistant_id: assistant.id });
    await eventually(async () => {
      expect((await client.beta.threads.runs.retrieve(id, { thread_id })).status).toBe('in_progress');
    });
    await client.beta.threads.runs.cancel(id, { thread_id });
    const ended = await client.beta.threads.runs.poll(id, { thread_id }, { pollIntervalMs: 50 });
    expect(ended).toMatchObject({ status: 'cancelled', last_error: null });
  });

  describe('in chat completions', () => {
    const messages = [{ role: 'user' as const, content: 'Help me.' }];
    interface Activity {
      name: string;
      arguments: string;
      output: string;
    }

    it('are called here, beside functions that the client runs', async () => {
      const { client, models } = scripted;
      const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } };
      models.setScript([call('calculator', { expression: '17 * 23' }), call('weather', { place: 'Bern' })]);
      const { choices } = await client.chat.completions.create({
        model: models.model,
        messages,
        tools: chatTools({ type: 'calculator' }, weather),
      });
      const [choice] = choices;
      expect(choice?.finish_reason).toBe('tool_calls');
      expect(choice?.message.tool_calls).toMatchObject([
        { type: 'function', function: { name: 'weather', arguments: '{"place":"Bern"}' } },
      ]);
      const { tool_activity } = choice?.message as unknown as { tool_activity: Activity[] };
      expect(tool_activity).toMatchObject([{ name: 'calculator', output: '391' }]);
      const sent = models.chats.at(-1)?.body as { tools: { type: string; function: { name: string } }[] };
      expect(sent.tools.map((tool) => tool.function.name).sort()).toEqual(['calculator', 'weather']);
    });

    it('are logged in a share of the chats, and of each chat all turns or none', async () => {
      const { client, models, server } = scripted;
      const logged = new Map<string, number>();
      for (let chat = 0; chat < 20; chat += 1) {
        models.setScript([call('no_such_tool', {}), ANSWER]);
        const asked = { model: models.model, messages, tools: chatTools({ type: 'calculator' }) };
        logged.set((await client.chat.completions.create(asked)).id, 0);
      }
      const admin = await server.logIn('admin', server.adminPassword);
      const { body } = await callWire(server, admin, { method: 'GET', path: '/admin/model-log?limit=100' });
      for (const { run_id: id } of (body as { data: { run_id: string }[] }).data) {
        if (logged.has(id)) logged.set(id, (logged.get(id) ?? 0) + 1);
      }
      expect(new Set(logged.values())).toEqual(new Set([0, 2]));
    });

    it('file_search finds in documents of every kind', async () => {
      const { client } = scripted;
      const contents: [string, Buffer, string][] = [
        ['report.pdf', await makePdf(['The heron stands in the reeds.', 'Page two: the otter swims.']), 'otter'],
        ['handbook.docx', await makeDocx(), 'holidays'],
        ['deck.pptx', await makePptx(), 'slowly'],
        ['sales.xlsx', makeWorkbook('xlsx'), 'north units'],
        ['sales.xls', makeWorkbook('xls'), 'north units'],
        ['page.xml', Buffer.from('<?xml version="1.0"?><note><to>Ursula</to></note>'), 'Ursula'],
        ['umlaute.txt', Buffer.from('Z\xfcrich liegt am See.', 'latin1'), 'Zürich'],
        ['sixteen.txt', Buffer.from('\ufeffA curlew calls.', 'utf16le'), 'curlew'],
      ];
      const files = contents.map(([name, bytes]) => new File([new Uint8Array(bytes)], name));
      const store = await client.vectorStores.create({});
      const batch = await client.vectorStores.fileBatches.uploadAndPoll(store.id, { files });
      expect(batch).toMatchObject({ status: 'completed', file_counts: { completed: 8, failed: 0 } });
      for (const [name, , query] of contents) {
        const { data } = await client.vectorStores.search(store.id, { query, max_num_results: 3 });
        expect([query, data.map(({ filename }) => filename)]).toEqual([query, expect.arrayContaining([name])]);
      }
      const places = async (query: string, asked: object): Promise<object | undefined> =>
        (await client.vectorStores.search(store.id, { query, max_num_results: 1, ...asked })).data[0];
      expect(await places('otter', { places: true })).toMatchObject({ page: 1, headings: [] });
      expect(await places('holidays', { places: true })).toMatchObject({ page: null, headings: ['Handbook'] });
      expect(await places('otter', {})).not.toHaveProperty('page');
    });

    it('file_search reads scanned documents and images by text recognition', async () => {
      const { client } = scripted;
      const store = await client.vectorStores.create({});
      const add = async (bytes: Buffer, name: string) =>
        client.vectorStores.files.uploadAndPoll(store.id, new File([new Uint8Array(bytes)], name));
      tika.answer = { pages: ['Nothing here.', 'The vault opens at nine.'] };
      expect(await add(await makeScannedPdf(), 'scan.pdf')).toMatchObject({
        ...{ status: 'completed', document_metadata: { text_recognition: true, pages: 2 } },
      });
      tika.answer = { image: 'Beware of the heron.' };
      expect(await add(PNG, 'sign.png')).toMatchObject({ status: 'completed' });
      const find = async (query: string) => (await client.vectorStores.search(store.id, { query })).data[0];
      expect(await find('vault')).toMatchObject({ filename: 'scan.pdf' });
      expect((await find('heron'))?.content[0]?.text.trim()).toBe('Beware of the heron.');
      tika.answer = { status: 422 };
      const message = expect.stringContaining('could not read the file') as string;
      const other = await add(PNG, 'other.png');
      expect(other).toMatchObject({ status: 'failed', last_error: { code: 'invalid_file', message } });
      const asked = tika.requests.length;
      const foreign = await add(Buffer.from('GIF89a'), 'a.gif');
      expect(foreign).toMatchObject({ status: 'failed', last_error: { code: 'unsupported_file' } });
      expect(tika.requests).toHaveLength(asked);
    });

    it('file_search goes by the summaries of documents where the store asks for them', async () => {
      const { client, models } = scripted;
      const summaries = Array.from({ length: 12 }, (_, index) => ({
        match: `letter number ${index}.`,
        text: index === 7 ? 'About the tower of Larkwood.' : `About village ${index}.`,
      }));
      models.setScript(summaries);
      const ids = summaries.map(async ({ match }, index) => {
        const text = `This is ${match}\n\nIt is ${index} metres high.`;
        return (await client.files.create({ file: new File([text], `${index}.txt`), purpose: 'assistants' })).id;
      });
      const asked = { file_ids: await Promise.all(ids), summaries: { enabled: true } };
      const store = await client.vectorStores.create(asked);
      expect(store).toMatchObject({ summaries: { enabled: true } });
      await eventually(async () => {
        const { data } = await client.vectorStores.files.list(store.id);
        expect(data).toEqual(data.map((file) => ({ ...file, status: 'completed', summary_status: 'completed' })));
        expect(data.map((file) => (file as unknown as { summary: string }).summary)).toContain(summaries[7]?.text);
      });
      const query = 'How high is the tower of Larkwood?';
      const { data } = await client.vectorStores.search(store.id, { query, max_num_results: 1 });
      expect(data[0]).toMatchObject({ filename: '7.txt' });
    });

    it('file_search searches the store that tool_resources names', async () => {
      const { client, models } = scripted;
      const file = await client.files.create({
        file: new File(['The tower of Larkwood is 83 metres high.'], 'towers.txt'),
        purpose: 'assistants',
      });
      const store = await client.vectorStores.create({ file_ids: [file.id] });
      models.setScript([call('file_search', { queries: ['tower of Larkwood'] }), { text: '83 metres.' }]);
      const asked = {
        model: models.model,
        messages,
        tools: chatTools({ type: 'file_search' }),
        tool_resources: { file_search: { vector_store_ids: [store.id] } },
      };
      const { choices } = await client.chat.completions.create(asked);
      expect(choices[0]?.message).toMatchObject({ content: '83 metres.', tool_activity: [{ name: 'file_search' }] });
      const read = models.chats.at(-1)?.body as { messages: { role: string; content: string }[] };
      expect(read.messages.findLast(({ role }) => role === 'tool')?.content).toContain('83 metres high');

      const stranger = scripted.server.openaiFor(await scripted.server.signUp('stranger'), { maxRetries: 0 });
      await expect(stranger.chat.completions.create(asked)).rejects.toMatchObject({ status: 404 });
    });

    it('file_search that is grounded refuses where nothing is found, apart from an answer in JSON', async () => {
      const { client, models } = scripted;
      const store = await client.vectorStores.create({});
      const asked = {
        model: models.model,
        messages,
        tools: chatTools({ type: 'file_search', file_search: { grounded: true } }),
        tool_resources: { file_search: { vector_store_ids: [store.id] } },
      };
      const search = call('file_search', { queries: ['tower of Larkwood'] });
      const refusal = 'I could not find anything about that in the documents.';
      models.setScript([search, { text: '83 metres.' }]);
      const told = await client.chat.completions.create(asked);
      expect(told.choices[0]?.message).toMatchObject({ content: refusal, refusal: null });
      models.setScript([search, { text: '{"metres": 83}' }]);
      const inJson = await client.chat.completions.create({ ...asked, response_format: { type: 'json_object' } });
      expect(inJson.choices[0]).toMatchObject({ message: { content: null, refusal }, finish_reason: 'stop' });
    });

    it.each([
      [{ type: 'teleport' }, 'tools[0].type', /Supported values are: .*'calculator'/],
      [{ type: 'calculator', options: { digits: 3 } }, 'tools[0].options.digits', /Unknown parameter/],
      [{ type: 'mcp', options: { server_label: 'foreign' } }, 'tools[0].options.server_label', /allows no MCP server/],
      [{ type: 'mcp', options: { server_label: 'weather' } }, 'tools', /'weather__break' is taken/],
    ])('%j is refused', async (tool, param, message) => {
      const { client, models } = scripted;
      const asked = client.chat.completions.create({
        ...{ model: models.model, messages, tools: chatTools(tool, named('weather__break')) },
      });
      await expect(asked).rejects.toMatchObject({ status: 400, param, message: expect.stringMatching(message) });
    });
  });

  it('mcp: a server that is away fails the run and says which', async () => {
    await mcp.stop();
    try {
      const wanted = tools({ type: 'mcp', options: { server_label: 'weather' } });
      const { client, models } = scripted;
      const assistant = await client.beta.assistants.create({ model: models.model, tools: wanted });
      const thread_id = await scripted.newThread();
      models.setScript([call('weather__get_forecast', { place: 'Bern' }), ANSWER]);
      const done = await client.beta.threads.runs.createAndPoll(thread_id, { assistant_id: assistant.id });
      const steps = await client.beta.threads.runs.steps.list(done.id, { thread_id });
      expect(JSON.stringify([done.last_error, steps.data])).toMatch(/fetch failed|does not answer/);
    } finally {
      await mcp.start();
    }
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toFile, type OpenAI } from 'openai';
import { ImitationModelServer, type ScriptedTurn } from '../fakes/model-server/index.js';
import { startServer, type TestServer } from '../support/server.js';
import { collect } from './support/stream-events.js';

const CSV = 'treatment,score\na,1\na,2\nb,5\n';
const CODE = "with open('result.txt', 'w') as file:\n    file.write('b is better')\nprint('b is better')";
/** What DeepAnalyze-8B writes where its server stops at `</Code>` and `</Answer>`, and leaves both out. */
const ANALYSIS: ScriptedTurn[] = [
  { text: `<Analyze>\nCompare the treatments.\n</Analyze>\n<Code>\n\`\`\`python\n${CODE}\n\`\`\`\n`, chunkSize: 3 },
  { text: '<Answer>\nTreatment b is better.\n', chunkSize: 3 },
];

interface GeneratedFile {
  name: string;
  url: string;
}

type Extended<Answer> = Answer & { generated_files?: GeneratedFile[] };

/** The flows of the example programs that DeepAnalyze's server shipped: requests and SDK, streaming and not. */
describe("the flows of DeepAnalyze's clients", () => {
  let models: ImitationModelServer;
  let folder: string;
  let server: TestServer;
  let token: string;
  let client: OpenAI;

  beforeAll(async () => {
    models = await new ImitationModelServer().start();
    folder = await mkdtemp(join(tmpdir(), 'deepanalyze-'));
    const config = join(folder, 'threadmill.yaml');
    await writeFile(config, JSON.stringify({ models: { catalog: { [models.model]: { protocol: 'tags' } } } }));
    server = await startServer({ env: { VLLM_HOST: models.url, THREADMILL_CONFIG: config } });
    token = await server.signUp('analyst');
    client = server.openaiFor(token, { maxRetries: 0 });
  });
  afterAll(async () => {
    await server.stop();
    await models.stop();
    await rm(folder, { recursive: true });
  });
  let askedBefore = 0;
  beforeEach(() => {
    askedBefore = models.chats.length;
    models.setScript(ANALYSIS);
  });
  /** The test's requests to the model. */
  const asked = (): string[] => models.chats.slice(askedBefore).map(({ body }) => JSON.stringify(body));

  const upload = async (purpose: 'assistants' | 'file-extract' = 'assistants'): Promise<OpenAI.FileObject> =>
    client.files.create({ file: await toFile(Buffer.from(CSV), 'Simpson.csv'), purpose: purpose as 'assistants' });

  const QUESTION = [{ role: 'user' as const, content: 'Which treatment is better?' }];

  async function expectGood(content: string, files: GeneratedFile[] = []): Promise<void> {
    const order = ['<Analyze>', '</Analyze>', '<Code>', '</Code>', '<Execute>', 'b is better', '</Execute>'];
    const rest = [
      '<File>',
      '[result.txt]',
      '</File>',
      '<Answer>',
      '</Answer>',
      '<File>',
      '[Conversation_Report_',
      '</File>',
    ];
    let at = 0;
    for (const piece of [...order, ...rest]) {
      at = content.indexOf(piece, at);
      expect({ piece, isThere: at >= 0 }).toEqual({ piece, isThere: true });
      at += piece.length;
    }
    expect(files.map(({ name }) => name)).toEqual([
      'result.txt',
      expect.stringMatching(/^Conversation_Report_\d{8}_\d{6}\.md$/),
    ]);
    const [result, report] = await Promise.all(files.map(async ({ url }) => (await fetch(url)).text()));
    expect(result).toBe('b is better');
    expect(report).toContain('Treatment b is better.');
    expect(report).toContain('# Appendix: Detailed Process');
    for (const { url } of files) expect(content).toContain(url);
  }

  test('a chat with a file, not streamed and streamed: the same text', async () => {
    const file = await upload();
    const request = { model: models.model, messages: QUESTION, temperature: 0.3, file_ids: [file.id] };
    const whole = (await client.chat.completions.create(request)) as Extended<OpenAI.ChatCompletion>;
    await expectGood(whole.choices[0]?.message.content ?? '', whole.generated_files);
    const [asked] = models.chats;
    expect(asked?.body).toMatchObject({ stop: ['</Code>', '</Answer>'], temperature: 0.3 });
    const last = (models.chats.at(-1)?.body as { messages: { role: string; content: string }[] }).messages;
    expect(last[0]?.content).toMatch(
      /^# Instruction\nWhich treatment is better\?\n\n# Data\nFile 1:\n\{\n {4}"name": "Simpson.csv"/,
    );
    expect(last.at(-1)).toMatchObject({ role: 'execute', content: expect.stringContaining('b is better') as string });

    models.setScript(ANALYSIS);
    const stream = await client.chat.completions.create({ ...request, stream: true });
    const chunks = (await collect(stream)) as Extended<OpenAI.ChatCompletionChunk>[];
    const content = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    await expectGood(content, chunks.at(-1)?.generated_files);
    const plain = (text: string): string =>
      text.replace(/\(http[^)]*\)/g, '()').replace(/Conversation_Report_\d+_\d+/g, 'R');
    expect(plain(content)).toBe(plain(whole.choices[0]?.message.content ?? ''));
  });

  test('a chat whose messages name the files, as an example of messages does', async () => {
    const file = await upload();
    const messages = [{ ...QUESTION[0], file_ids: [file.id] }] as unknown as typeof QUESTION;
    const whole = (await client.chat.completions.create({
      ...{ model: models.model, messages },
    })) as Extended<OpenAI.ChatCompletion>;
    await expectGood(whole.choices[0]?.message.content ?? '', whole.generated_files);
    expect(asked()[0]).toContain('Simpson.csv');
    expect(asked()[0]).not.toContain(file.id);
  });

  test('a chat with files that may run no code: they are named, the turn is an answer', async () => {
    const file = await upload();
    models.setScript([{ text: '<Answer>\nNo code was run.\n</Answer>' }]);
    const body = { model: models.model, messages: QUESTION, file_ids: [file.id], execute_code: false };
    const answer = await client.chat.completions.create(body);
    expect(answer.choices[0]?.message.content).toContain('<Answer>\nNo code was run.\n</Answer>');
    expect(asked()).toEqual([expect.stringContaining('Simpson.csv')]);
  });

  test('the raw events of a stream, read by a plain program; a busy server is waited for', async () => {
    models.setScript([{ error: { status: 429, message: 'Busy.', headers: { 'retry-after': '0' } } }, ...ANALYSIS]);
    const file = await upload();
    const answer = await fetch(`${server.baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: models.model, messages: QUESTION, file_ids: [file.id], stream: true }),
    });
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    expect(lines.every((line) => line.startsWith('data: '))).toBe(true);
    expect(lines.at(-1)).toBe('data: [DONE]');
    const chunks = lines
      .slice(0, -1)
      .map((line) => JSON.parse(line.slice('data: '.length)) as Extended<OpenAI.ChatCompletionChunk>);
    const content = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    await expectGood(content, chunks.findLast(({ generated_files: files }) => files)?.generated_files);
  });

  test('a stream that breaks fails, and says so', async () => {
    models.setScript([ANALYSIS[0] ?? {}, { ...ANALYSIS[1], cut: 'mid-stream' }]);
    const file = await upload();
    const request = { model: models.model, messages: QUESTION, file_ids: [file.id], stream: true as const };
    await expect(client.chat.completions.create(request).then(collect)).rejects.toThrow();
  });

  test('a streamed run with files of assistant, thread and message', async () => {
    const named = async (name: string): Promise<string> =>
      (await client.files.create({ file: await toFile(Buffer.from(CSV), name), purpose: 'assistants' })).id;
    const [first, second, third] = [await named('first.csv'), await named('second.csv'), await named('third.csv')];
    const assistant = await client.beta.assistants.create({ model: models.model, file_ids: [first] } as never);
    const thread = await client.beta.threads.create({ file_ids: [second] } as never);
    const message = { role: 'user', content: 'Which treatment is better?', file_ids: [third] };
    await client.beta.threads.messages.create(thread.id, message as never);
    const stream = client.beta.threads.runs.stream(thread.id, { assistant_id: assistant.id });
    let text = '';
    stream.on('textDelta', ({ value }) => (text += value ?? ''));
    expect((await stream.finalRun()).status).toBe('completed');
    expect(text).toContain('<Answer>\nTreatment b is better.\n</Answer>\n<File>\n');
    for (const name of ['first.csv', 'second.csv', 'third.csv']) expect(asked()[0]).toContain(name);
    expect((await client.models.list()).data.map(({ id }) => id)).toContain(models.model);
  });

  test('file_search beside the interpreter: it is the only tool that the model hears of', async () => {
    const store = await client.vectorStores.create({ file_ids: [(await upload()).id] });
    const resources = { file_search: { vector_store_ids: [store.id] } };
    const tools = [{ type: 'code_interpreter' as const }, { type: 'file_search' as const }];
    const assistant = await client.beta.assistants.create({ model: models.model, tools, tool_resources: resources });
    const thread = await client.beta.threads.create({ messages: QUESTION });
    const run = await client.beta.threads.runs.createAndPoll(thread.id, { assistant_id: assistant.id });
    expect(run).toMatchObject({ status: 'completed', last_error: null });
    models.setScript(ANALYSIS);
    const body = { model: models.model, messages: QUESTION, tools: tools as never, tool_resources: resources };
    const answer = await client.chat.completions.create(body);
    expect(answer.choices[0]?.message.content).toContain('<Answer>\nTreatment b is better.\n</Answer>');
    expect(asked()).toHaveLength(4);
    for (const request of asked()) expect(request).not.toContain('file_search');
  });

  test('a chat without code is passed on', async () => {
    models.setScript([{ text: 'Python is a language.' }]);
    const body = { model: models.model, messages: QUESTION, stream: false as const, execute_code: false };
    const answer = await client.chat.completions.create(body);
    expect(answer.choices[0]?.message.content).toBe('Python is a language.');
  });

  test('the workflow of assistants, polled: files of assistant, thread and message', async () => {
    const file = await upload();
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'openai-beta': 'assistants=v2',
    };
    const post = async (path: string, body: object): Promise<{ id: string; status?: string }> => {
      const answer = await fetch(`${server.baseUrl}/v1${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(200);
      return (await answer.json()) as { id: string };
    };
    const get = async <Body>(path: string): Promise<Body> =>
      (await (await fetch(`${server.baseUrl}/v1${path}`, { headers })).json()) as Body;
    const assistant = await post('/assistants', {
      model: models.model,
      instructions: 'Be exact.',
      file_ids: [file.id],
    });
    const thread = await post('/threads', { metadata: { example: '3' } });
    await post(`/threads/${thread.id}/messages`, { role: 'user', content: 'Which treatment is better?' });
    const run = await post(`/threads/${thread.id}/runs`, { assistant_id: assistant.id });
    await client.beta.threads.runs.poll(run.id, { thread_id: thread.id }, { pollIntervalMs: 100 });
    expect(await get(`/threads/${thread.id}/runs/${run.id}`)).toMatchObject({ status: 'completed' });

    interface Message {
      role: string;
      content: { text: { value: string } }[];
    }
    const { data: messages } = await get<{ data: Message[] }>(`/threads/${thread.id}/messages`);
    const answer = messages.find(({ role }) => role === 'assistant')?.content[0]?.text.value ?? '';
    expect(answer).toMatch(/^<Answer>\nTreatment b is better.\n<\/Answer>\n<File>\n/);
    const named = [...answer.matchAll(/- \[([^\]]+)\]\(([^)]+)\)/g)].map(([, name]) => name);
    expect(named).toEqual(['result.txt', expect.stringMatching(/^Report_\d{8}_\d{6}\.md$/)]);
    const { data: files } = await get<{ data: { name: string; url: string }[] }>(`/threads/${thread.id}/files`);
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
    const steps = await client.beta.threads.runs.steps.list(run.id, { thread_id: thread.id });
    const calls = steps.data.flatMap(({ step_details: details }) =>
      details.type === 'tool_calls' ? details.tool_calls : [],
    );
    expect(calls).toMatchObject([{ type: 'code_interpreter', code_interpreter: { input: CODE } }]);
  });

  test('the workflow of the SDK with the tool "analyze"', async () => {
    const file = await upload('file-extract');
    expect(await (await client.files.content(file.id)).text()).toBe(CSV);
    const tools = [{ type: 'analyze' }] as unknown as OpenAI.Beta.AssistantTool[];
    const assistant = await client.beta.assistants.create({ model: models.model, instructions: 'Be exact.', tools });
    const resources = { analyze: { file_ids: [file.id] } } as OpenAI.Beta.ThreadCreateParams['tool_resources'];
    const thread = await client.beta.threads.create({ tool_resources: resources ?? null });
    await client.beta.threads.messages.create(thread.id, { role: 'user', content: 'Which one?' });
    const run = await client.beta.threads.runs.createAndPoll(thread.id, { assistant_id: assistant.id });
    expect(run.status).toBe('completed');
    const { data } = await client.beta.threads.messages.list(thread.id);
    const texts = data.flatMap(({ role, content }) => (role === 'assistant' ? content : []));
    expect(texts.every(({ type }) => type === 'text')).toBe(true);
    const prompt = JSON.stringify(models.chats.at(-1)?.body);
    expect(prompt).toContain('# Instruction\\nBe exact.\\n\\nWhich one?');
    expect(prompt).toContain('Simpson.csv');
    await client.files.delete(file.id);
    await client.beta.assistants.delete(assistant.id);
    await client.beta.threads.delete(thread.id);
  });
});

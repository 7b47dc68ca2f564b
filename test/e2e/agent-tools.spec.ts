import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toFile, type OpenAI } from 'openai';
import { HttpMcpServer } from '../fakes/mcp-server/http-mcp-server.js';
import type { ScriptedTurn } from '../fakes/model-server/index.js';
import { pythonTurn, startScriptedServer, type ScriptedServer } from './support/scripted-server.js';
import { call, chatTools, tools } from './support/tool-run.js';

interface Asked {
  messages: { role: string; content: string }[];
  tools?: { function: { name: string } }[];
}

describe('agents with tools and files that are not the interpreter alone', () => {
  const mcp = new HttpMcpServer();
  let folder: string;
  let scripted: ScriptedServer;

  beforeAll(async () => {
    await mcp.start();
    folder = await mkdtemp(join(tmpdir(), 'threadmill-agent-tools-'));
    const path = join(folder, 'mcp.json');
    await writeFile(path, JSON.stringify({ mcpServers: { weather: { url: mcp.url } } }));
    scripted = await startScriptedServer({ env: { MCP_CONFIG: path } });
  });
  afterAll(async () => {
    await scripted?.stop();
    await mcp.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => scripted.models.reset());

  const asked = (): Asked[] => scripted.models.chats.map(({ body }) => body as Asked);
  const question = (content: string): { role: 'user'; content: string }[] => [{ role: 'user', content }];

  const WEATHER = { type: 'mcp', options: { server_label: 'weather', allowed_tools: ['get_forecast', 'break'] } };
  const planFor = (tool: string): ScriptedTurn => ({
    text: JSON.stringify({
      goal: 'The weather.',
      plan: [{ step: 1, description: 'ask', tool, expected_outcome: 'a forecast' }],
    }),
  });
  const FORECAST = [
    planFor('weather__get_forecast'),
    call('weather__get_forecast', { place: 'Oslo' }),
    { text: 'It will be sunny.' },
    { text: 'FINISHED=True\nSunny in Oslo.' },
  ];

  test('plan_execute carries out a step with a tool of an MCP server, in a chat completion', async () => {
    const { client, models } = scripted;
    models.setScript(FORECAST);
    const body = { model: models.model, messages: question('How is Oslo?'), tools: chatTools(WEATHER) };
    const answer = await client.chat.completions.create({ ...body, agent_type: 'plan_execute' } as typeof body);
    expect(answer.choices[0]?.message).toMatchObject({
      content: 'Sunny in Oslo.',
      tool_activity: [{ name: 'weather__get_forecast', output: 'In Oslo it will be sunny.' }],
    });
    const [plan, step, , synthesis] = asked();
    expect(plan?.messages[0]?.content).toContain(
      '- weather__get_forecast: The forecast for a place.\n- weather__break',
    );
    expect(plan?.tools).toBeUndefined();
    expect(step?.tools?.map(({ function: { name } }) => name)).toEqual(['weather__get_forecast']);
    expect(synthesis?.messages.at(-1)?.content).toContain('It will be sunny.');
  });

  test('so it does in a run, and plans around a tool that fails and one that does not exist', async () => {
    const { client, models } = scripted;
    models.setScript([
      planFor('weather__make_rain'),
      { text: 'FINISHED=False\nMISSING: the weather' },
      planFor('weather__break'),
      call('weather__break', {}),
      { text: 'It is broken.' },
      { text: 'FINISHED=False\nMISSING: the weather' },
      ...FORECAST,
    ]);
    const assistant = await client.beta.assistants.create({ model: models.model, tools: tools(WEATHER) ?? [] });
    const thread_id = await scripted.newThread('How is Oslo?');
    const body = { assistant_id: assistant.id, agent_type: 'plan_execute' };
    const run = await client.beta.threads.runs.createAndPoll(thread_id, body);
    expect(run.status).toBe('completed');
    const { data } = await client.beta.threads.runs.steps.list(run.id, { thread_id, order: 'asc' });
    const outputs = data.flatMap(({ status, step_details: details }) =>
      details.type === 'tool_calls'
        ? details.tool_calls.map((each) => [status, each.type === 'function' && each.function.output])
        : [],
    );
    expect(outputs).toEqual([
      ['completed', 'The tool failed: The instrument is broken.'],
      ['completed', 'In Oslo it will be sunny.'],
    ]);
    expect(asked()[2]?.messages.at(-1)?.content).toContain('There is no tool "weather__make_rain".');
  });

  const CSV = 'region,sales\nnorth,3\nsouth,5\n';
  const READ = "rows = open('sales.csv').read()\nopen('copy.csv', 'w').write(rows)\nprint(rows)";
  const upload = async (): Promise<string> => {
    const file = await toFile(Buffer.from(CSV), 'sales.csv');
    return (await scripted.client.files.create({ file, purpose: 'assistants' })).id;
  };
  const WORK = [
    pythonTurn(READ),
    { text: 'North only: 3.' },
    { text: 'ADEQUATE: false\nFEEDBACK: The south is missing.' },
    pythonTurn("print(open('copy.csv').read().count('south'))"),
    { text: 'It is 8.' },
    { text: 'ADEQUATE: true' },
  ];

  function expectWork(): void {
    const [first, , review, second] = asked();
    expect(JSON.stringify(first?.messages)).toContain('sales.csv');
    expect(review?.messages[0]?.content).toContain('south,5');
    expect(second?.messages.at(-1)?.content).toContain('The south is missing.');
    expect(JSON.stringify(second?.messages)).toContain('sales.csv');
  }

  test('ultrawork works on an uploaded file in a chat completion, and on what it made of it', async () => {
    const { client, models } = scripted;
    const file_ids = [await upload()];
    models.setScript(WORK);
    const body = { model: models.model, messages: question('How much was sold?'), file_ids, agent_type: 'ultrawork' };
    const answer = await client.chat.completions.create(body as OpenAI.ChatCompletionCreateParamsNonStreaming);
    const content = answer.choices[0]?.message.content ?? '';
    expect(content).toContain('south,5');
    expect(content).toMatch(/It is 8\.\n\n\[Completed in 2 iteration\(s\)\]$/);
    const [made] = (answer as { generated_files?: { name: string; url: string }[] }).generated_files ?? [];
    expect(await (await fetch(made?.url ?? '')).text()).toBe(CSV);
    expectWork();
  });

  test('so it does in a run', async () => {
    const { client, models, assistantId } = scripted;
    const attachments = [{ file_id: await upload(), tools: [{ type: 'code_interpreter' as const }] }];
    models.setScript(WORK);
    const message = { role: 'user' as const, content: 'How much was sold?', attachments };
    const { id: thread_id } = await client.beta.threads.create({ messages: [message] });
    const body = { assistant_id: assistantId, agent_type: 'ultrawork' };
    const run = await client.beta.threads.runs.createAndPoll(thread_id, body);
    expect(run.status).toBe('completed');
    const { data } = await client.beta.threads.messages.list(thread_id, { run_id: run.id });
    const texts = data.map(({ content }) => content.flatMap((part) => (part.type === 'text' ? [part.text.value] : [])));
    expect(texts).toEqual([['It is 8.\n\n[Completed in 2 iteration(s)]']]);
    expectWork();
  });
});

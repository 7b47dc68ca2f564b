import { toFile, type OpenAI } from 'openai';
import { ImitationModelServer } from '../fakes/model-server/index.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';
import { expectTrueNumbers, expectTrueSummary } from './support/answer-numbers.js';
import { makeSales, toCsv } from './support/sales.js';
import { collect } from './support/stream-events.js';
import { downloadFile, expectDrawnPicture } from './support/thread-files.js';

interface GeneratedFile {
  id: string;
  name: string;
  url: string;
}

interface Extensions {
  generated_files?: GeneratedFile[];
  attached_files?: string[];
}

type Completion = OpenAI.ChatCompletion & Extensions;
type Chunk = OpenAI.ChatCompletionChunk & Extensions;

const SALES = makeSales();
const QUESTION = 'What is the mean price by region?';

describe('chat completions with files, on the demo model', () => {
  let server: TestServer;
  let client: OpenAI;
  let file: OpenAI.FileObject;

  beforeAll(async () => {
    server = await startServer();
    client = server.openaiFor(await server.signUp('chatter'));
    file = await client.files.create({
      file: await toFile(Buffer.from(toCsv(SALES)), 'sales.csv'),
      purpose: 'assistants',
    });
  });
  afterAll(() => server.stop());

  const request = { model: 'threadmill-demo', messages: [{ role: 'user' as const, content: QUESTION }] };

  async function expectGoodAnswer(text: string, { generated_files: generated = [] }: Extensions): Promise<void> {
    expectTrueNumbers(text, SALES);
    expect(generated.map(({ name }) => name).sort()).toEqual(['sales_chart.png', 'sales_summary.csv']);
    for (const { id, name, url } of generated) {
      const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
      expect(bytes.equals(await downloadFile(client, id))).toBe(true);
      if (name.endsWith('.png')) expectDrawnPicture(bytes);
      else expectTrueSummary(bytes.toString('utf8'), SALES);
      expect(text).toContain(url);
    }
    expect(text).not.toContain('sandbox:');
  }

  it('answers in one piece', async () => {
    const body = { ...request, file_ids: [file.id], execute_code: true };
    const answer = (await client.chat.completions.create(body)) as Completion;
    expect(answer).toMatchObject({ object: 'chat.completion', attached_files: [file.id] });
    expect(answer.choices).toHaveLength(1);
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant' } });
    expect(answer.usage?.total_tokens).toBeGreaterThan(100);
    await expectGoodAnswer(answer.choices[0]?.message.content ?? '', answer);
  });

  it('answers as a stream', async () => {
    const body = { ...request, stream: true as const, stream_options: { include_usage: true }, file_ids: [file.id] };
    const chunks = (await collect(await client.chat.completions.create(body))) as Chunk[];
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    const reasons = chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []);
    expect(reasons).toEqual(['stop']);
    const [last, usage] = chunks.slice(-2);
    expect(last).toMatchObject({ attached_files: [file.id], choices: [{ finish_reason: 'stop' }] });
    expect(usage).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) as number } });
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    expect(text.length).toBeGreaterThan(500);
    expect(chunks.length).toBeGreaterThan(50);
    await expectGoodAnswer(text, last ?? {});
  });

  it('takes files from messages, and runs nothing when told so', async () => {
    const messages = [{ role: 'user' as const, content: QUESTION, file_ids: [file.id] }];
    const answer = (await client.chat.completions.create({ ...request, messages })) as Completion;
    await expectGoodAnswer(answer.choices[0]?.message.content ?? '', answer);
    const still = { ...request, file_ids: [file.id], execute_code: false };
    const withoutCode = (await client.chat.completions.create(still)) as Completion;
    expect(withoutCode.generated_files).toBeUndefined();
    expect(withoutCode.choices[0]?.message.content).not.toContain('<Code>');
  });
});

describe('plain chat completions', () => {
  let models: ImitationModelServer;
  let server: TestServer;
  let client: OpenAI;

  beforeAll(async () => {
    models = await new ImitationModelServer().start();
    server = await startServer({ env: { VLLM_HOST: models.url } });
    client = server.openaiFor(await server.signUp('passer'));
  });
  afterAll(async () => {
    await server.stop();
    await models.stop();
  });

  const ask = (text: string): OpenAI.ChatCompletionCreateParamsNonStreaming => ({
    model: models.model,
    messages: [{ role: 'user', content: text }],
    temperature: 0.123,
  });

  it('pass on the request byte for byte, but for whose key it is', async () => {
    const body = `{"model": "${models.model}",\n "messages":[{"role":"user","content":"\\u00e9 é"}], "seed": 1e0, "unknown_field": {"a":[1.50]}}`;
    const token = await server.signUp('bytes');
    const answer = await fetch(`${server.baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(200);
    const seen = models.chats.at(-1);
    expect(seen?.body).toEqual(JSON.parse(body));
    expect(Number(seen?.headers['content-length'])).toBe(Buffer.byteLength(body));
    expect(seen?.headers['authorization']).toBeUndefined();
  });

  it('pass on the answer, streamed and not', async () => {
    models.setScript([
      { text: 'A whole answer.', usage: { promptTokens: 3, completionTokens: 4 } },
      { text: 'An answer in pieces.', reasoning: 'Hm.' },
    ]);
    const whole = await client.chat.completions.create(ask('one'));
    expect(whole.choices[0]?.message.content).toBe('A whole answer.');
    expect(whole.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 });
    expect(models.chats.at(-1)?.body).toEqual(ask('one'));
    const chunks = await collect(await client.chat.completions.create({ ...ask('two'), stream: true }));
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('An answer in pieces.');
    expect(chunks.length).toBeGreaterThan(3);
  });

  it('pass on the tool calls of a model', async () => {
    models.setScript([{ toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }] }]);
    const answer = await client.chat.completions.create(ask('Weather?'));
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } }] },
    });
  });

  it('let the model run code on files through its tool calls', async () => {
    const file = await client.files.create({
      file: await toFile(Buffer.from('6\n7\n'), 'numbers.txt'),
      purpose: 'assistants',
    });
    const code = "a, b = map(int, open('/mnt/data/numbers.txt'))\nprint('product', a * b)";
    models.setScript([
      { toolCalls: [{ name: 'code_interpreter', arguments: { code } }] },
      { match: 'product 42', text: 'It is 42.' },
      { text: 'The code gave something else.' },
    ]);
    const answer = await client.chat.completions.create({ ...ask('Multiply.'), file_ids: [file.id] } as never);
    const completion = answer as unknown as Completion;
    expect(completion.choices[0]?.message.content).toContain('It is 42.');
    expect(completion.attached_files).toEqual([file.id]);
    expect(completion.generated_files).toBeUndefined();
  });

  it('end the call to the model when the client goes away', async () => {
    models.setScript([{ text: 'word '.repeat(500), delayMs: 20 }]);
    const stream = await client.chat.completions.create({ ...ask('Long.'), stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await eventually(() => expect(models.chats.at(-1)).toMatchObject({ closedEarly: true, completed: false }));
  });
});

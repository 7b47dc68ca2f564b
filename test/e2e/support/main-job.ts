import { toFile, type OpenAI } from 'openai';
import { startServer, type ServerOptions, type TestServer } from '../../support/server.js';
import { expectTrueNumbers, expectTrueSummary } from './answer-numbers.js';
import type { DoneJob } from './done-job.js';
import { describeFileServer } from './file-server.js';
import { makeSales, toCsv } from './sales.js';
import {
  codeCallsOfDeltas,
  collect,
  dataOf,
  MESSAGE_STEP,
  orderOf,
  RUN_BEGINS,
  textOf,
  textOfDeltas,
  TOOL_STEP,
} from './stream-events.js';
import { downloadFile, expectDrawnPicture, listThreadFiles } from './thread-files.js';

const QUESTION = 'Analyse sales.csv: what is the mean price by region?';
const SECRET = 'a-secret-that-the-test-shares-with-the-server';
const SALES = makeSales();
const NOTES = 'region,manager\nEast,Ada\nWest,Bo\n';

/** A person with a CSV file and the official SDK gets an analysis: streamed, polled, and by chat completions. */
export function describeMainJob(options: ServerOptions): void {
  let job: DoneJob;
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ ...options, env: { JWT_SECRET_KEY: SECRET } });
    job = await doMainJob(server);
  });
  afterAll(() => server.stop());

  const final = (): OpenAI.Beta.Threads.Message => {
    const last = dataOf(job.events, 'thread.message.completed').at(-1);
    if (!last) throw new Error('No message was completed.');
    return last;
  };

  it('streams the events in the order of the wire', () => {
    expect(orderOf(job.events)).toEqual([
      ...RUN_BEGINS,
      ...MESSAGE_STEP,
      ...TOOL_STEP,
      ...MESSAGE_STEP,
      'run.completed',
    ]);
    const [created] = dataOf(job.events, 'thread.run.created');
    expect(created).toMatchObject({ status: 'queued', started_at: null, assistant_id: job.assistant.id });
    expect(created?.expires_at).toBe((created?.created_at ?? 0) + 600);
    const [begun] = dataOf(job.events, 'thread.run.in_progress');
    expect(begun?.started_at).toEqual(expect.any(Number));
    const [completed] = dataOf(job.events, 'thread.run.completed');
    expect(completed).toMatchObject({ status: 'completed', expires_at: null, last_error: null });
    expect(completed?.completed_at).toEqual(expect.any(Number));
  });

  it('streams messages whose deltas sum up to their text', () => {
    const completed = dataOf(job.events, 'thread.message.completed');
    expect(completed).toHaveLength(2);
    for (const message of completed) {
      expect(textOfDeltas(job.events, message.id)).toBe(textOf(message).value);
      expect(message).toMatchObject({ status: 'completed', role: 'assistant', assistant_id: job.assistant.id });
    }
    for (const message of dataOf(job.events, 'thread.message.created')) {
      expect(message).toMatchObject({ status: 'in_progress', content: [], attachments: [] });
    }
  });

  it('streams the code, its output and its picture as deltas that sum up to the finished call', () => {
    const [opening, ...rest] = codeCallsOfDeltas(job.events);
    expect(opening).toEqual({
      index: 0,
      id: expect.stringMatching(/^call_/) as string,
      type: 'code_interpreter',
      code_interpreter: { input: '', outputs: [] },
    });
    expect(rest.every((call) => call.id === undefined && call.index === 0)).toBe(true);
    const step = dataOf(job.events, 'thread.run.step.completed').find(({ type }) => type === 'tool_calls');
    const details = step?.step_details;
    const call = details?.type === 'tool_calls' ? details.tool_calls[0] : undefined;
    if (call?.type !== 'code_interpreter') throw new Error(`No code interpreter call in ${JSON.stringify(step)}`);
    expect(rest.map((delta) => delta.code_interpreter?.input ?? '').join('')).toBe(call.code_interpreter.input);
    const outputs = rest.flatMap((delta) => delta.code_interpreter?.outputs ?? []);
    const logs = outputs.flatMap((output) => (output.type === 'logs' ? [output.logs ?? ''] : [])).join('');
    const picture = outputs.find(({ type }) => type === 'image');
    expect(call.code_interpreter.outputs).toEqual([
      { type: 'logs', logs },
      { type: 'image', image: { file_id: picture?.type === 'image' ? picture.image?.file_id : '' } },
    ]);
  });

  it('answers with the true numbers', () => expectTrueNumbers(textOf(final()).value, SALES));

  it('annotates its links with the files that they mean', async () => {
    const { value, annotations } = textOf(final());
    expect(annotations.map(({ text }) => text)).toEqual([
      'sandbox:/mnt/data/sales_chart.png',
      'sandbox:/mnt/data/sales_summary.csv',
    ]);
    for (const { start_index: start, end_index: end, text } of annotations) expect(value.slice(start, end)).toBe(text);
    const [chart, summary] = annotations.map((annotation) => {
      if (annotation.type !== 'file_path') throw new Error(`Not a file path: ${JSON.stringify(annotation)}`);
      return annotation.file_path.file_id;
    });
    expectDrawnPicture(await downloadFile(job.client, chart ?? ''));
    expectTrueSummary((await downloadFile(job.client, summary ?? '')).toString('utf8'), SALES);
  });

  it('shows the picture in the message', async () => {
    const [image] = final().content;
    if (image?.type !== 'image_file') throw new Error(`The message begins with ${JSON.stringify(image)}`);
    expectDrawnPicture(await downloadFile(job.client, image.image_file.file_id));
    expect(await job.client.files.retrieve(image.image_file.file_id)).toMatchObject({
      filename: 'sales_chart.png',
      purpose: 'assistants_output',
      status: 'processed',
    });
  });

  it('keeps what it streamed: messages, steps, and usage that adds up', async () => {
    const { client, thread, events } = job;
    const [run] = dataOf(events, 'thread.run.completed');
    const messages = await collect(client.beta.threads.messages.list(thread.id, { order: 'asc' }));
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant']);
    expect(messages.slice(1)).toEqual(dataOf(events, 'thread.message.completed'));
    const listed = { thread_id: thread.id, order: 'asc' as const };
    const steps = await collect(client.beta.threads.runs.steps.list(run?.id ?? '', listed));
    const streamed = dataOf(events, 'thread.run.step.completed');
    expect(steps.map(({ id, type, status }) => [id, type, status])).toEqual(
      streamed.map(({ id, type }) => [id, type, 'completed']),
    );
    expect(steps.map(({ step_details }) => step_details)).toEqual(streamed.map(({ step_details }) => step_details));
    const { usage } = await client.beta.threads.runs.retrieve(run?.id ?? '', { thread_id: thread.id });
    const sum = (key: 'prompt_tokens' | 'completion_tokens' | 'total_tokens'): number =>
      steps.reduce((total, step) => total + (step.usage?.[key] ?? 0), 0);
    expect(usage).toMatchObject({ prompt_tokens: sum('prompt_tokens'), completion_tokens: sum('completion_tokens') });
    expect(usage?.total_tokens).toBe(sum('total_tokens'));
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
    expect(usage?.completion_tokens).toBeGreaterThan(0);
    expect(run?.usage).toEqual(usage);
  });

  it('lists the files of the thread, uploaded and generated', async () => {
    const files = await listThreadFiles(job.client, job.thread.id);
    expect(files.map(({ name }) => name).sort()).toEqual(
      ['notes.csv', 'sales.csv', 'sales_chart.png', 'sales_summary.csv'].sort(),
    );
    expect(files.map(({ id }) => id)).toEqual(expect.arrayContaining([job.sales.id, job.notes.id]));
    for (const file of files) {
      const { bytes, filename } = await job.client.files.retrieve(file.id);
      expect(file).toEqual({
        id: expect.stringMatching(/^file-/) as string,
        object: 'file',
        filename,
        name: filename,
        size: bytes,
        url: expect.stringContaining(`/${job.thread.id}/`) as string,
        created_at: expect.any(Number) as number,
      });
      expect(Math.abs(file.created_at - Date.now() / 1000)).toBeLessThan(600);
    }
    const generated = files.filter(({ url }) => url.includes('/generated/')).map(({ name }) => name);
    expect(generated.sort()).toEqual(['sales_chart.png', 'sales_summary.csv']);
  });

  describeFileServer(() => job, SECRET);

  it('does the same when the client polls, and in one call with its thread', async () => {
    const { client, assistant, sales } = job;
    const attachments = [{ file_id: sales.id, tools: [{ type: 'code_interpreter' as const }] }];
    const thread = await client.beta.threads.create();
    await client.beta.threads.messages.create(thread.id, { role: 'user', content: QUESTION, attachments });
    const polled = await client.beta.threads.runs.createAndPoll(thread.id, { assistant_id: assistant.id });
    // Without openai-poll-after-ms the SDK would sleep for five seconds at least once.
    const expected = { status: 'completed', required_action: null, last_error: null };
    expect(polled).toMatchObject({ ...expected, thread_id: thread.id });
    const [answer] = (await client.beta.threads.messages.list(thread.id, { run_id: polled.id, limit: 1 })).data;
    expectTrueNumbers(textOf(answer).value, SALES);
    const { headers } = await client.beta.threads.runs.retrieve(polled.id, { thread_id: thread.id }).asResponse();
    expect(Number(headers.get('openai-poll-after-ms'))).toBeLessThanOrEqual(1000);
    const atOnce = await client.beta.threads.createAndRunPoll({
      assistant_id: assistant.id,
      thread: { messages: [{ role: 'user', content: QUESTION, attachments }] },
    });
    expect(atOnce).toMatchObject(expected);
    const [second] = (await client.beta.threads.messages.list(atOnce.thread_id, { limit: 1 })).data;
    expectTrueNumbers(textOf(second).value, SALES);
  });
}

async function doMainJob(server: TestServer): Promise<DoneJob> {
  const client = server.openaiFor(await server.signUp('worker'));
  const sales = await client.files.create({
    file: await toFile(Buffer.from(toCsv(SALES)), 'sales.csv'),
    purpose: 'assistants',
  });
  const notes = await client.files.create({
    file: await toFile(Buffer.from(NOTES), 'notes.csv'),
    purpose: 'assistants',
  });
  const assistant = await client.beta.assistants.create({
    model: 'threadmill-demo',
    name: 'Analyst',
    instructions: 'Analyse data with Python.',
    tools: [{ type: 'code_interpreter' }],
    tool_resources: { code_interpreter: { file_ids: [notes.id] } },
  });
  const thread = await client.beta.threads.create();
  await client.beta.threads.messages.create(thread.id, {
    role: 'user',
    content: QUESTION,
    attachments: [{ file_id: sales.id, tools: [{ type: 'code_interpreter' }] }],
  });
  const stream = client.beta.threads.runs.stream(thread.id, { assistant_id: assistant.id });
  const events = await collect(stream);
  await stream.done();
  return { server, client, sales, notes, assistant, thread, events };
}

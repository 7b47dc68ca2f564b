import OpenAI, { toFile } from 'openai';
import type { LocalServer } from '../../scripts/demo/local-server.js';
import { descendantsOf, processorTimeOf, residentBytesOf } from '../support/process-usage.js';
import { median, percentile } from '../support/statistics.js';
import type { Plan } from './plan.js';

/** A line of the result. */
export interface Figure {
  name: string;
  unit: string;
  value: number;
}

/** As bench/ingestion/model-server.mjs calls itself. */
const MODEL = 'bench-sentence';
const UPLOADS_AT_ONCE = 8;
const WORDS = 5000;
const POLL_MS = 250;
const BYTES_PER_MB = 1e6;
const MICROSECONDS = 1e6;

/** One batch of many files on a running server, and how runs fare meanwhile. Throws where anything fails. */
export async function measure(server: LocalServer, plan: Plan, progress: (text: string) => void): Promise<Figure[]> {
  const apiKey = await server.signUp('bench', 'bench-password');
  const client = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const assistant = await client.beta.assistants.create({ model: MODEL });
  const oneRun = (): Promise<number> => timeOfRun(client, assistant.id);
  await oneRun();
  progress(`${plan.runs} runs`);
  const before: number[] = [];
  for (let run = 0; run < plan.runs; run += 1) before.push(await oneRun());

  progress(`${plan.files} uploads`);
  const uploadedAt = performance.now();
  const fileIds = await upload(client, plan);
  const uploadSeconds = (performance.now() - uploadedAt) / 1000;

  progress('the batch');
  const { seconds, during, mostBytes, processorSeconds } = await ingest(client, server.pid, fileIds, oneRun);

  progress('one long text');
  const textSeconds = await ingestText(client, textOf(plan.files, plan.textLength));
  const bytes = plan.files * plan.fileLength;
  return [
    { name: `uploads of ${plan.files} files`, unit: 'files/s', value: plan.files / uploadSeconds },
    { name: `a batch of ${plan.files} files`, unit: 's', value: seconds },
    { name: 'the batch', unit: 'MB/s', value: bytes / BYTES_PER_MB / seconds },
    { name: 'processor time of all processes a file', unit: 'ms', value: (processorSeconds * 1000) / plan.files },
    { name: 'most memory of the server', unit: 'MB', value: mostBytes.server / BYTES_PER_MB },
    { name: 'most memory of its processes, database included', unit: 'MB', value: mostBytes.others / BYTES_PER_MB },
    { name: 'a run before, p50', unit: 'ms', value: median(before) },
    { name: 'a run meanwhile, p50', unit: 'ms', value: median(during) },
    { name: 'a run meanwhile, p95', unit: 'ms', value: percentile(during, 0.95) },
    { name: 'a run meanwhile, times one before', unit: 'x', value: median(during) / median(before) },
    { name: 'runs meanwhile', unit: '', value: during.length },
    { name: 'one long text, alone', unit: 'MB/s', value: plan.textLength / BYTES_PER_MB / textSeconds },
  ];
}

async function timeOfRun(client: OpenAI, assistantId: string): Promise<number> {
  const startedAt = performance.now();
  const run = await client.beta.threads.createAndRunPoll(
    { assistant_id: assistantId, thread: { messages: [{ role: 'user', content: 'Hello' }] } },
    { pollIntervalMs: 10 },
  );
  if (run.status !== 'completed') throw new Error(`A run ended as ${run.status}: ${run.last_error?.message ?? ''}`);
  return performance.now() - startedAt;
}

async function upload(client: OpenAI, plan: Plan): Promise<string[]> {
  const ids = new Array<string>(plan.files);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < plan.files) {
      const index = next;
      next += 1;
      const file = await toFile(Buffer.from(textOf(index, plan.fileLength)), `document-${index}.txt`);
      ids[index] = (await client.files.create({ file, purpose: 'assistants' })).id;
    }
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, work));
  return ids;
}

/** Words of a vocabulary, the frequent ones more often; another text for each file. */
function textOf(file: number, length: number): string {
  let state = file + 1;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const word = Math.floor((state / 2 ** 32) ** 3 * WORDS);
    text += `${word.toString(36)}${word % 2 === 0 ? 'tion' : 'ing'}${state % 12 === 0 ? '. ' : ' '}`;
  }
  return text.slice(0, length);
}

interface Ingested {
  seconds: number;
  /** Milliseconds of each run that was made meanwhile. */
  during: number[];
  mostBytes: { server: number; others: number };
  /** Of the server and all its processes, the runs' share included. */
  processorSeconds: number;
}

async function ingest(
  client: OpenAI,
  pid: number,
  fileIds: readonly string[],
  oneRun: () => Promise<number>,
): Promise<Ingested> {
  const store = await client.vectorStores.create({ name: 'bench' });
  const usedBefore = processorTimeOf(pid) ?? NaN;
  const startedAt = performance.now();
  const batch = await client.vectorStores.fileBatches.create(store.id, { file_ids: [...fileIds] });
  const during: number[] = [];
  const mostBytes = { server: 0, others: 0 };
  let isDone = false;
  const runs = (async () => {
    while (!isDone) during.push(await oneRun());
  })();
  try {
    for (;;) {
      const { status, file_counts: counts } = await client.vectorStores.fileBatches.retrieve(batch.id, {
        vector_store_id: store.id,
      });
      noteMemory(pid, mostBytes);
      if (status === 'completed' && counts.completed === fileIds.length) break;
      if (status !== 'in_progress') throw new Error(`The batch is ${status}: ${JSON.stringify(counts)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    isDone = true;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const processorSeconds = ((processorTimeOf(pid) ?? NaN) - usedBefore) / MICROSECONDS;
  await runs;
  return { seconds, during, mostBytes, processorSeconds };
}

/** Seconds from the uploaded file to a store that can be searched. */
async function ingestText(client: OpenAI, text: string): Promise<number> {
  const store = await client.vectorStores.create({ name: 'one text' });
  const { id } = await client.files.create({
    file: await toFile(Buffer.from(text), 'text.txt'),
    purpose: 'assistants',
  });
  const startedAt = performance.now();
  const file = await client.vectorStores.files.createAndPoll(store.id, { file_id: id }, { pollIntervalMs: 50 });
  if (file.status !== 'completed') throw new Error(`The text is ${file.status}: ${file.last_error?.message ?? ''}`);
  return (performance.now() - startedAt) / 1000;
}

function noteMemory(pid: number, most: { server: number; others: number }): void {
  const others = descendantsOf(pid).reduce((sum, child) => sum + (residentBytesOf(child) ?? 0), 0);
  most.server = Math.max(most.server, residentBytesOf(pid) ?? 0);
  most.others = Math.max(most.others, others);
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import OpenAI, { toFile } from 'openai';
import { LocalServer } from '../../scripts/demo/local-server.js';
import { isBuildFresh } from '../../scripts/support/build.mjs';
import { median, percentile } from '../support/statistics.js';
import { recallOfTexts, type Corpora } from './corpora.js';
import type { Figure } from './measure.js';
import type { Plan } from './plan.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCE = ['--import', '@swc-node/register/esm-register', join(ROOT, 'src/main.ts')];
const BUILD = [join(ROOT, 'dist/src/main.js')];
const RESULTS = 10;
const BYTES_PER_MB = 1e6;

/** The same questions through a server, as its users ask them: files uploaded, read, cut, indexed, and searched. */
export async function measureWire(corpora: Corpora, plan: Plan): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadmill-bench-wire-'));
  const server = await LocalServer.start({
    program: (await isBuildFresh()) ? BUILD : SOURCE,
    dataDir,
    environment: { SANDBOX_PROVIDER: 'none', NODE_ENV: 'production' },
  });
  process.on('exit', () => server.kill());
  try {
    const apiKey = await server.signUp('bench', 'bench-password');
    const client = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
    const startedAt = performance.now();
    const storeId = await bringIn(client, corpora);
    const seconds = (performance.now() - startedAt) / 1000;
    const bytes = [...corpora.documents.values()].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    const figures = [{ name: 'ingestion over the wire', unit: 'MB/s', value: bytes / BYTES_PER_MB / seconds }];
    return [...figures, ...(await ask(client, storeId, corpora, plan))];
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function bringIn(client: OpenAI, corpora: Corpora): Promise<string> {
  const store = await client.vectorStores.create({ name: 'corpora' });
  const files = await Promise.all(
    Array.from(corpora.documents, ([name, { text }]) => toFile(Buffer.from(text), `${name}.md`)),
  );
  const batch = await client.vectorStores.fileBatches.uploadAndPoll(store.id, { files }, { pollIntervalMs: 100 });
  if (batch.status !== 'completed') throw new Error(`The corpora did not come in: ${batch.status}`);
  return store.id;
}

async function ask(client: OpenAI, storeId: string, { documents, questions }: Corpora, plan: Plan): Promise<Figure[]> {
  const times: number[] = [];
  const recalls: [number, number][] = [];
  for (const question of questions.slice(0, plan.questions)) {
    const startedAt = performance.now();
    const page = await client.vectorStores.search(storeId, { query: question.question, max_num_results: RESULTS });
    times.push(performance.now() - startedAt);
    const text = documents.get(question.corpus)?.text ?? '';
    const shown = page.data.map(({ filename, content }) =>
      filename === `${question.corpus}.md` ? (content[0]?.text ?? '') : '',
    );
    recalls.push([recallOfTexts(question, text, shown.slice(0, 5)), recallOfTexts(question, text, shown)]);
  }
  const mean = (of: 0 | 1): number => recalls.reduce((sum, each) => sum + each[of], 0) / Math.max(1, recalls.length);
  return [
    { name: 'recall@5, over the wire', unit: '', value: mean(0) },
    { name: 'recall@10, over the wire', unit: '', value: mean(1) },
    { name: 'search over the wire, p50', unit: 'ms', value: median(times) },
    { name: 'search over the wire, p95', unit: 'ms', value: percentile(times, 0.95) },
  ];
}

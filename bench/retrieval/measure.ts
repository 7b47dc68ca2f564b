import { join } from 'node:path';
import { chunkDocument, DEFAULT_CHUNKING, type Chunk, type ChunkIndex, type SearchHit } from '@libs/retrieval';
import { descendantsOf, residentBytesOf } from '../support/process-usage.js';
import { median, percentile } from '../support/statistics.js';
import { documentOf, recallOf, type Corpora, type Question } from './corpora.js';
import { openIndex } from './index-place.js';
import type { Plan } from './plan.js';
import { SyntheticChunks } from './synthetic.js';

/** A line of the result. */
export interface Figure {
  name: string;
  unit: string;
  value: number;
}

const BYTES_PER_MB = 1e6;
const CHUNKS_PER_FILE = 1000;
const LARGE = 'large';
const MEASURED = { projectId: 'measured' };
const FOREIGN = { projectId: 'foreign' };

/** Recall on the corpora in one store, by words, by vectors, and by both. */
export async function measureRecall(corpora: Corpora, plan: Plan, root: string): Promise<Figure[]> {
  const place = await openIndex(join(root, 'recall'), true);
  try {
    await place.addProject(MEASURED.projectId);
    for (const [name, document] of corpora.documents) {
      const chunks = await chunkDocument(document, { strategy: DEFAULT_CHUNKING });
      await place.index.replaceFile(MEASURED, fileOf('corpora', name), chunks);
    }
    const ways = { lexical: [0, 1], dense: [1, 0], hybrid: [1, 1] } as const;
    const figures: Figure[] = [];
    for (const [way, [embeddingWeight, textWeight]] of Object.entries(ways)) {
      const recalls: [number, number][] = [];
      const byCorpus = new Map<string, number[]>();
      for (const question of corpora.questions.slice(0, plan.questions)) {
        const hits = await ask(place.index, 'corpora', question, { embeddingWeight, textWeight });
        const five = recallOf(question, hits.slice(0, 5));
        recalls.push([five, recallOf(question, hits)]);
        byCorpus.set(question.corpus, [...(byCorpus.get(question.corpus) ?? []), five]);
      }
      for (const [name, each] of byCorpus) {
        figures.push({ name: `recall@5, ${way}, ${name}`, unit: '', value: mean(each) });
      }
      figures.push({ name: `recall@5, ${way}`, unit: '', value: mean(recalls.map(([five]) => five)) });
      figures.push({ name: `recall@10, ${way}`, unit: '', value: mean(recalls.map(([, ten]) => ten)) });
    }
    return figures;
  } finally {
    await place.close();
  }
}

/** Ingestion by words alone, and searches in a growing store beside a foreign one. */
export async function measureSpeed(
  corpora: Corpora,
  plan: Plan,
  root: string,
  progress: (text: string) => void,
): Promise<Figure[]> {
  const place = await openIndex(join(root, 'speed'), false);
  try {
    for (const { projectId } of [MEASURED, FOREIGN]) await place.addProject(projectId);
    const texts = [...corpora.documents.values()].map(({ text }) => text);
    const figures = [await measureIngestion(place.index, texts)];
    const synthetic = new SyntheticChunks(texts, 1);
    await fill(place.index, FOREIGN, plan.foreignChunks, synthetic, 0, progress);
    const copies = Array.from({ length: plan.foreignStores - 1 }, (_, number) => `copy-${number}`);
    progress(`${FOREIGN.projectId}: ${plan.foreignStores} stores`);
    await place.copyStore(FOREIGN.projectId, LARGE, copies);
    let filled = 0;
    for (const size of plan.sizes) {
      await fill(place.index, MEASURED, size - filled, synthetic, filled, progress);
      filled = size;
      const questions = corpora.questions.slice(0, plan.questions);
      for (const turn of ['asked first', 'asked again']) {
        const times = await timesOf(place.index, questions);
        const name = `search in ${size} chunks beside ${plan.foreignStores * plan.foreignChunks} foreign ones, ${turn}`;
        figures.push({ name: `${name}, p50`, unit: 'ms', value: median(times) });
        figures.push({ name: `${name}, p95`, unit: 'ms', value: percentile(times, 0.95) });
      }
    }
    return [...figures, ...memoryNow()];
  } finally {
    await place.close();
  }
}

async function timesOf(index: ChunkIndex, questions: readonly Question[]): Promise<number[]> {
  const times: number[] = [];
  for (const question of questions) {
    const startedAt = performance.now();
    await ask(index, LARGE, question);
    times.push(performance.now() - startedAt);
  }
  return times;
}

async function measureIngestion(index: ChunkIndex, texts: readonly string[]): Promise<Figure> {
  const text = texts.join('\n').repeat(5);
  const startedAt = performance.now();
  const chunks = await chunkDocument(documentOf(text), { strategy: DEFAULT_CHUNKING });
  await index.replaceFile(MEASURED, fileOf('ingested', 'whole'), chunks);
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    name: 'ingestion, chunking included',
    unit: 'MB/s',
    value: Buffer.byteLength(text) / BYTES_PER_MB / seconds,
  };
}

async function fill(
  index: ChunkIndex,
  scope: { projectId: string },
  count: number,
  synthetic: SyntheticChunks,
  from: number,
  progress: (text: string) => void,
): Promise<void> {
  for (let done = 0; done < count; done += CHUNKS_PER_FILE) {
    progress(`${scope.projectId}: ${from + done} chunks`);
    const chunks: Chunk[] = synthetic.make(Math.min(CHUNKS_PER_FILE, count - done));
    await index.replaceFile(scope, fileOf(LARGE, `file-${from + done}`), chunks);
  }
}

function ask(
  index: ChunkIndex,
  store: string,
  { question }: Question,
  hybrid?: { embeddingWeight: number; textWeight: number },
): Promise<SearchHit[]> {
  return index.search(MEASURED, { vectorStoreIds: [store], queries: [question], limit: 10, hybrid });
}

function fileOf(vectorStoreId: string, fileId: string) {
  return { vectorStoreId, fileId, filename: `${fileId}.md`, attributes: {} };
}

function memoryNow(): Figure[] {
  const database = descendantsOf(process.pid).reduce((sum, pid) => sum + (residentBytesOf(pid) ?? 0), 0);
  const own = residentBytesOf(process.pid) ?? 0;
  return [
    { name: 'memory of this process', unit: 'MB', value: own / BYTES_PER_MB },
    { name: 'memory of the database', unit: 'MB', value: database / BYTES_PER_MB },
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

import { setImmediate } from 'node:timers/promises';
import type { Config } from '@config';
import type { JobQueue } from '../../jobs/job-queue.js';
import type { ChunkSetCollector } from './chunk-set-collector.js';
import { IngestionQueue } from './ingestion/ingestion-queue.js';
import { IngestionReaper } from './ingestion/ingestion-reaper.js';
import type { IngestionRepository } from './ingestion/ingestion.repository.js';
import type { StoreExpiry } from './store-expiry.js';
import type { DocumentSummariser } from './summaries/document-summariser.js';
import type { SummariesRepository } from './summaries/summaries.repository.js';
import { SummaryQueue } from './summaries/summary-queue.js';

let asked: string[];
beforeEach(() => {
  asked = [];
});

const away: Pick<JobQueue, 'add'> = {
  add: (name) => {
    asked.push(name);
    return Promise.reject(new Error('Redis is away.'));
  },
};
const summariser = { model: 'a model' } as DocumentSummariser;
const summaries: Pick<SummariesRepository, 'countWaiting'> = { countWaiting: () => Promise.resolve(1) };

const ingestion = (): IngestionQueue => new IngestionQueue(away as JobQueue);
const summarising = (): SummaryQueue =>
  new SummaryQueue(summariser, summaries as SummariesRepository, away as JobQueue);

// A rejection that nobody hears ends the server; here it fails the test.
it.each([
  ['ingest-file', () => ingestion().wakeSoon(3)],
  ['summarise-file', () => summarising().wakeSoon()],
])('a queue that is away ends no server that asks for a worker afterwards: %s', async (name, wakeSoon) => {
  wakeSoon();
  await setImmediate();
  expect(asked).toEqual([name]);
});

it('a queue that is away keeps nobody from emptying stores that have expired and removing chunks of no file', async () => {
  const done: string[] = [];
  const note = (what: string) => (): Promise<void> => {
    done.push(what);
    return Promise.resolve();
  };
  const reaper = new IngestionReaper(
    { DATABASE_URL: 'postgres://somewhere', INGESTION_LEASE_SECONDS: 60 } as Config,
    { countWaiting: () => Promise.resolve(1) } as unknown as IngestionRepository,
    ingestion(),
    { emptyExpired: note('expired stores') } as unknown as StoreExpiry,
    { collect: note('chunks of no file') } as unknown as ChunkSetCollector,
    summarising(),
  );
  await reaper.start();
  await reaper.beforeApplicationShutdown();
  expect(asked).toEqual(['ingest-file']);
  expect(done).toEqual(['expired stores', 'chunks of no file']);
});

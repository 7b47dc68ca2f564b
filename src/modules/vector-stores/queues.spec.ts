import { setImmediate } from 'node:timers/promises';
import type { JobQueue } from '../../jobs/job-queue.js';
import { IngestionQueue } from './ingestion/ingestion-queue.js';
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

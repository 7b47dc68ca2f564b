import pg from 'pg';
import { makePlace, type DatabasePlace } from '../../support/database.js';
import { describeWith } from '../../support/requirements.js';
import { useContractPlace } from './contract-place.js';
import { SDK_4, SDK_6, SDK_7 } from './sdks.js';
import { describeRunExpiry } from './suites/expiry.js';
import { describeFileSearch } from './suites/file-search.js';
import { describeRankedSearch } from './suites/ranked-search.js';

/** The imitation of vLLM has one model for everything. */
const MODEL = 'Qwen/Qwen3-8B';

describeWith('postgres', 'a server on Postgres', () => {
  describe.each([SDK_4, SDK_6, SDK_7])('openai $version', (sdk) => {
    let database: DatabasePlace;
    let url = '';
    const place = useContractPlace(sdk, async () => {
      database = await makePlace('server');
      if (database.location.engine === 'server') ({ url } = database.location);
      const models = { EMBEDDING_MODEL: MODEL, RERANK_MODEL: MODEL };
      return { env: { DATABASE_URL: url, RUN_REAP_INTERVAL_SECONDS: '1', RUN_CONCURRENCY: '1', ...models } };
    });
    afterAll(() => database.remove());

    async function query(sql: string, values?: unknown[]): Promise<number | null> {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query(sql, values)).rowCount;
      } finally {
        await client.end();
      }
    }

    describe('runs that expire', () => describeRunExpiry(place, query));

    // One client is enough: what differs from the suites of each is the database.
    if (sdk !== SDK_7) return;

    it('says by what it searches: by words, and by vectors where the server has pgvector', async () => {
      const health = (await (await fetch(`${place.server.baseUrl}/health`)).json()) as {
        parts: { search: { lexical: string; dense: string } };
      };
      const has = (await query(`SELECT 1 FROM pg_available_extensions WHERE name = 'vector'`)) === 1;
      expect(health.parts.search).toMatchObject({
        lexical: 'bm25',
        dense: has ? (expect.stringMatching(/^pgvector \d/) as string) : 'off: the database has no pgvector',
      });
    });

    // In what pieces answers come is no matter of the database.
    describe('file search', () => describeFileSearch(place, [3]));
    describe('ranked search', () => describeRankedSearch(place));
  });
});

import type { AttributeFilter, IndexScope, SearchHit } from '@libs/retrieval';
import { describeWith } from '../../support/requirements.js';
import { Random } from '../../fuzz/random.js';
import { chunksOf, startIndexApp, type IndexApp } from './chunk-index-app.js';

const FILES = 12;
const CHUNKS_A_FILE = 24;
const WORDS_A_CHUNK = 60;
const QUESTIONS = 60;
const SYLLABLES = ['ka', 'lo', 'mi', 'ren', 'tu', 'sal', 'vor', 'ek', 'ban', 'dis'];

/** Words of which some are frequent and most are not, as in any language. */
function aWord(random: Random): string {
  const place = Math.floor(400 * random.next() ** 3);
  return [place % 10, Math.floor(place / 10) % 10, Math.floor(place / 100)].map((part) => SYLLABLES[part]).join('');
}

function aText(random: Random, words: number): string {
  return Array.from({ length: words }, () => aWord(random)).join(' ');
}

/** Search by words needs no extension: it finds the same with pg_textsearch and pgvector beside it as without any. */
describeWith('postgres', 'the embedded database, which has extensions, and a server', () => {
  const apps: { app: IndexApp; scope: IndexScope }[] = [];
  beforeAll(async () => {
    for (const engine of ['embedded', 'server'] as const) {
      const app = await startIndexApp({ engine });
      const scope = await app.project();
      apps.push({ app, scope });
      const random = new Random(7);
      for (let file = 0; file < FILES; file += 1) {
        const texts = Array.from({ length: CHUNKS_A_FILE }, () => aText(random, WORDS_A_CHUNK));
        const indexed = { vectorStoreId: 'vs', fileId: `file-${file}`, filename: `${aWord(random)}.txt` };
        await app.index.replaceFile(scope, { ...indexed, attributes: { file } }, chunksOf(texts, [aWord(random)]));
      }
      await app.index.deleteFile(scope, 'vs', 'file-3');
    }
  }, 120_000);
  afterAll(() => Promise.all(apps.map(({ app }) => app.close())));

  async function found(query: string, filter?: AttributeFilter): Promise<string[]> {
    const request = { vectorStoreIds: ['vs'], queries: [query], limit: 10, ...(filter ? { filter } : {}) };
    const told = ({ fileId, chunk, score }: SearchHit): string => `${fileId} ${chunk.index} ${score}`;
    const answers = await Promise.all(
      apps.map(async ({ app, scope }) => (await app.index.search(scope, request)).map(told)),
    );
    expect(answers[1]).toEqual(answers[0]);
    return answers[0] ?? [];
  }

  it(`give ${QUESTIONS} questions the same results in the same order, with the same scores`, async () => {
    const random = new Random(11);
    let results = 0;
    for (let question = 0; question < QUESTIONS; question += 1) {
      const query = aText(random, 1 + (question % 5));
      results += (await found(query)).length;
      results += (await found(query, { type: 'lt', key: 'file', value: 6 })).length;
    }
    expect(results).toBeGreaterThan(5 * QUESTIONS);
  });
});

import { toFile } from 'openai';
import type { ContractPlace } from '../contract-place.js';

const BIRDS = [
  'The heron stands in the reeds and waits for a frog.',
  'A kingfisher dives for sticklebacks, and a heron looks on.',
  'The wren builds a round nest.',
];

/** Beyond what the SDK's types know: they leave `hybrid_search` to another operation. */
type Ranking = Record<string, unknown>;

/** Searches of a server that has a reranker (its model servers' `/v1/rerank`) and a model for embeddings. */
export function describeRankedSearch(place: ContractPlace): void {
  let storeId = '';
  beforeAll(async () => {
    const { vectorStores } = place.client;
    ({ id: storeId } = await vectorStores.create({}));
    const files = await Promise.all(BIRDS.map((text, index) => toFile(Buffer.from(text), `${index}.txt`)));
    const batch = await vectorStores.fileBatches.uploadAndPoll(storeId, { files }, { pollIntervalMs: 50 });
    expect(batch.file_counts).toMatchObject({ completed: BIRDS.length });
  });

  async function search(query: string, ranking_options: Ranking = {}): Promise<{ text: string; score: number }[]> {
    const { data } = await place.client.vectorStores.search(storeId, { query, ranking_options });
    return data.map(({ content, score }) => ({ text: content[0]?.text ?? '', score }));
  }

  const askedToRank = (): number => place.model.requests.filter(({ path }) => path === '/v1/rerank').length;

  it('the reranker says the order and the scores, unless it is declined', async () => {
    const before = askedToRank();
    // The imitation's score is the share of these words that a passage has.
    const query = 'a heron and kingfisher';
    const ranked = await search(query);
    expect(askedToRank()).toBe(before + 1);
    expect(ranked.slice(0, 2)).toEqual([
      { text: BIRDS[1], score: 1 },
      { text: BIRDS[0], score: 0.75 },
    ]);
    await search(query, { ranker: 'none' });
    expect(askedToRank()).toBe(before + 1);
  });

  it('a threshold goes by the scores that are shown', async () => {
    const query = 'the heron and frog';
    const all = await search(query);
    const [best = { score: 0 }, next = { score: 0 }] = all;
    expect(best.score).toBeGreaterThan(next.score);
    expect(await search(query, { score_threshold: (best.score + next.score) / 2 })).toEqual([best]);
  });

  it('where the reranker fails, results come as they are without it', async () => {
    const query = 'heron frog';
    const plain = await search(query, { ranker: 'none' });
    place.model.setScript([{ path: '/v1/rerank', error: { status: 400, message: 'This model does not rank.' } }]);
    expect(await search(query)).toEqual(plain);
  });

  it('words and meaning are weighed as is said, and one of them must count', async () => {
    const weights = (embedding_weight: number, text_weight: number): Ranking => ({
      ranker: 'none',
      hybrid_search: { embedding_weight, text_weight },
    });
    for (const ranking of [weights(1, 0), weights(0, 1), weights(0.3, 0.7)]) {
      expect((await search('heron frog', ranking))[0]?.text).toBe(BIRDS[0]);
    }
    await expect(search('heron', weights(0, 0))).rejects.toThrow(place.sdk.errors.BadRequestError);
  });
}

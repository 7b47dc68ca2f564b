import { ImitationSearchEngine } from '../../../../../test/fakes/web-search/imitation-search-engine.js';
import { SearxngSearch } from './searxng.js';
import { TavilySearch } from './tavily.js';
import type { WebSearch } from './web-search.js';

const HITS = [
  { title: 'One', url: 'https://one.example/', content: 'First.', publishedDate: '2026-01-02' },
  { title: '', url: 'https://two.example/', content: 'Second.' },
  { title: 'Not the web', url: 'ftp://three.example/', content: 'Third.' },
];

describe('search engines', () => {
  const engine = new ImitationSearchEngine();
  let signal: AbortSignal;
  beforeAll(() => engine.start());
  beforeEach(() => {
    engine.hits = HITS;
    engine.failure = null;
    engine.requests.length = 0;
    signal = new AbortController().signal;
  });
  afterAll(() => engine.stop());

  const ENGINES: [string, () => WebSearch][] = [
    ['Tavily', () => new TavilySearch({ address: engine.url, apiKey: 'key' })],
    ['SearXNG', () => new SearxngSearch(engine.url)],
  ];

  describe.each(ENGINES)('%s', (name, open) => {
    it('gives what has an address on the web', async () => {
      const results = await open().search({ query: 'a & b', maxResults: 5, signal });
      expect(results).toEqual([HITS[0], { title: 'https://two.example/', url: HITS[1]?.url, content: 'Second.' }]);
      expect(engine.requests).toMatchObject([{ path: '/search', query: 'a & b' }]);
    });

    it('gives no more than asked for', async () => {
      expect(await open().search({ query: 'a', maxResults: 1, signal })).toHaveLength(1);
    });

    it.each([
      [403, 'Forbidden', `${name} answered with status 403.`],
      [200, '<html>', `${name} did not answer in JSON.`],
      [200, '{"results":null}', `${name} sent no list of results.`],
      [200, '[]', `${name} sent no list of results.`],
    ])('answer %d %j', async (status, body, message) => {
      engine.failure = { status, body };
      await expect(open().search({ query: 'a', maxResults: 5, signal })).rejects.toThrow(message);
    });

    it('is left when nobody waits any more', async () => {
      await expect(open().search({ query: 'a', maxResults: 5, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    });
  });

  it('that are away say so', async () => {
    const search = new SearxngSearch('http://127.0.0.1:9');
    await expect(search.search({ query: 'a', maxResults: 5, signal })).rejects.toThrow(/SearXNG does not answer/);
  });
});

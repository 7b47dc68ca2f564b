import type { AttributeFilter, Attributes, IndexScope } from '@libs/retrieval';
import { describeOnEachEngine } from '../../support/engines.js';
import { chunksOf, startIndexApp, type IndexApp } from './chunk-index-app.js';

const FILES: Record<string, Attributes> = {
  a: { year: 2020, kind: 'report', open: true },
  b: { year: 2021.5, kind: 'letter', open: false },
  c: { year: '2021', kind: 'Report' },
  d: {},
};

describeOnEachEngine('filters by attributes', (engine) => {
  let app: IndexApp;
  let scope: IndexScope;
  beforeAll(async () => {
    app = await startIndexApp({ engine });
    scope = await app.project();
    for (const [fileId, attributes] of Object.entries(FILES)) {
      const file = { vectorStoreId: 'vs', fileId, filename: fileId, attributes };
      await app.index.replaceFile(scope, file, chunksOf(['The same ship in every file.']));
    }
  });
  afterAll(() => app?.close());

  const admitted = async (filter: AttributeFilter): Promise<string> => {
    const request = { vectorStoreIds: ['vs'], queries: ['ship'], limit: 10, filter };
    const hits = await app.index.search(scope, request);
    return hits
      .map(({ fileId }) => fileId)
      .sort()
      .join('');
  };
  const is = (type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin', key: string, value: unknown) =>
    ({ type, key, value }) as AttributeFilter;
  const and = (...filters: AttributeFilter[]): AttributeFilter => ({ type: 'and', filters });
  const or = (...filters: AttributeFilter[]): AttributeFilter => ({ type: 'or', filters });

  it.each<[AttributeFilter, string]>([
    [is('eq', 'year', 2020), 'a'],
    [is('eq', 'year', '2020'), ''],
    [is('eq', 'year', '2021'), 'c'],
    [is('eq', 'kind', 'report'), 'a'],
    [is('eq', 'open', true), 'a'],
    [is('eq', 'open', 'true'), ''],
    [is('eq', 'missing', 1), ''],
    [is('ne', 'year', 2020), 'bcd'],
    [is('ne', 'open', false), 'acd'],
    [is('gt', 'year', 2020), 'b'],
    [is('gte', 'year', 2020), 'ab'],
    [is('lt', 'year', 2021.5), 'a'],
    [is('lte', 'year', 2021.5), 'ab'],
    [is('gt', 'year', '2020'), 'c'],
    [is('lt', 'kind', 'letter'), 'c'],
    [is('gte', 'kind', 'letter'), 'ab'],
    [is('gt', 'open', true), ''],
    [is('in', 'year', [2020, '2021', 1]), 'ac'],
    [is('in', 'year', []), ''],
    [is('nin', 'year', [2020, '2021']), 'bd'],
    [is('nin', 'year', []), 'abcd'],
    [and(is('gte', 'year', 2020), is('eq', 'open', false)), 'b'],
    [or(is('eq', 'open', true), is('eq', 'kind', 'Report')), 'ac'],
    [and(or(is('eq', 'kind', 'report'), is('eq', 'kind', 'letter')), is('ne', 'open', true)), 'b'],
    [or(and(is('gt', 'year', 2000), is('lt', 'year', 2021)), and(is('eq', 'year', '2021'))), 'ac'],
    [and(), 'abcd'],
    [or(), ''],
    [is('eq', `year'; DROP TABLE index_files; --`, 1), ''],
    [is('eq', 'kind', `' OR TRUE --`), ''],
    [is('eq', '$.year', 2020), ''],
  ])('%j admits "%s"', async (filter, expected) => {
    expect(await admitted(filter)).toBe(expected);
  });

  it('finds what is admitted however many others match better', async () => {
    const file = { vectorStoreId: 'large', attributes: {} };
    const many = Array.from({ length: 60 }, () => 'ship ship harbour ship');
    await app.index.replaceFile(scope, { ...file, fileId: 'many', filename: 'many' }, chunksOf(many));
    await app.index.replaceFile(
      scope,
      { ...file, fileId: 'one', filename: 'one', attributes: { wanted: true } },
      chunksOf(['A harbour, far away from everything else that is said here']),
    );
    const filter = is('eq', 'wanted', true);
    const request = { vectorStoreIds: ['large'], queries: ['ship in the harbour'], limit: 5, filter };
    expect((await app.index.search(scope, request)).map(({ fileId }) => fileId)).toEqual(['one']);
  });

  it('goes by the attributes as they are now', async () => {
    await app.index.setAttributes(scope, 'vs', 'd', { year: 1999 });
    expect(await admitted(is('eq', 'year', 1999))).toBe('d');
    await app.index.setAttributes(scope, 'vs', 'd', {});
    expect(await admitted(is('eq', 'year', 1999))).toBe('');
  });
});

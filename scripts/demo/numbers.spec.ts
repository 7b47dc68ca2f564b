import { figuresOf, findDifferences, readSummary, renderFigures } from './numbers.js';
import type { Sale } from './sample-data.js';

const SUMMARY = 'region,rows,units_count,units_total,units_mean\nEast,2,1,5,5\nWest,1,1,4,4\n';
const FIGURES = [
  { region: 'East', rows: 2, units: 5 },
  { region: 'West', rows: 1, units: 4 },
];

function sale(region: string, units: number | null): Sale {
  return { orderId: 1, date: '2025-01-01', region, product: 'Loom', units, price: 1, discount: 0 };
}

describe('figuresOf', () => {
  it('counts every row and sums what is known', () => {
    expect(figuresOf([sale('West', 4), sale('East', null), sale('East', 5)])).toEqual(FIGURES);
  });
});

describe('readSummary', () => {
  it('finds the columns by their names', () => {
    expect(readSummary(SUMMARY)).toEqual(FIGURES);
    expect(readSummary(SUMMARY.replaceAll('\n', '\r\n'))).toEqual(FIGURES);
  });

  it('says which column is missing', () => {
    expect(() => readSummary('region,rows\nEast,2\n')).toThrow('The summary has no column units_total');
  });
});

describe('findDifferences', () => {
  it.each([
    ['all is as it should be', FIGURES, []],
    ['a region is missing', FIGURES.slice(1), ['East is not in the summary.']],
    ['a region is too much', [...FIGURES, { region: 'Moon', rows: 1, units: 1 }], ['Moon is in the summary but not']],
    ['a sum is wrong', [{ region: 'East', rows: 2, units: 6 }, ...FIGURES.slice(1)], ['East has 5 units; the summary']],
    ['a sum is no number', [{ region: 'East', rows: 2, units: NaN }, ...FIGURES.slice(1)], ['East has 5 units; the']],
  ])('when %s', (_, found, expected) => {
    expect(findDifferences(FIGURES, found)).toEqual(expected.map((text) => expect.stringContaining(text)));
  });
});

describe('renderFigures', () => {
  it('shows what was found beside what is expected', () => {
    const lines = renderFigures(FIGURES, FIGURES.slice(1)).split('\n');
    expect(lines.map((line) => line.split(/\s{2,}/))).toEqual([
      ['region', 'orders', 'units (Python)', 'units (check)'],
      ['East', '2', '-', '5'],
      ['West', '1', '4', '4'],
    ]);
  });
});

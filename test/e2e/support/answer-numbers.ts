import { factsByRegion, factsOf, REGIONS, type Sale } from './sales.js';

/** The answer shows two decimals. */
const HALF_A_CENT = 0.005_001;

/** Fails unless the answer tells the true numbers of price, by region and over all, and of the missing values. */
export function expectTrueNumbers(answer: string, sales: readonly Sale[]): void {
  const prices = factsOf(sales, 'price');
  expect(answer).toContain(`**${sales.length}** rows, **6** columns`);
  for (const column of ['units', 'price'] as const) {
    const facts = factsOf(sales, column);
    const [, , missing, , mean] = rowOf(answer, column);
    expect(Number(missing)).toBe(facts.missing);
    expectNear(mean, facts.mean);
  }
  for (const [region, facts] of Object.entries(factsByRegion(sales, 'price'))) {
    const [, rows, mean, total] = rowOf(answer, region);
    expect(Number(rows)).toBe(facts.rows);
    expectNear(mean, facts.mean);
    expectNear(total, facts.total);
  }
  const overall = /Overall mean of price: \*\*([\d.]+)\*\* \(total ([\d.]+)\)/.exec(answer);
  expectNear(overall?.[1], prices.mean);
  expectNear(overall?.[2], prices.total);
}

/** The same for the summary that the program wrote as a file. */
export function expectTrueSummary(csv: string, sales: readonly Sale[]): void {
  const [header = [], ...rows] = csv
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  expect(rows.map(([region]) => region)).toEqual(REGIONS);
  for (const cells of rows) {
    const row = Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']));
    const facts = factsByRegion(sales, 'price')[row['region'] ?? ''];
    expect(Number(row['rows'])).toBe(facts?.rows);
    expect(Number(row['price_mean'])).toBeCloseTo(facts?.mean ?? NaN, 4);
    expect(Number(row['price_total'])).toBeCloseTo(facts?.total ?? NaN, 4);
  }
}

/** The cells of the Markdown table's row that begins with the label. */
function rowOf(answer: string, label: string): string[] {
  const line = answer.split('\n').find((candidate) => candidate.startsWith(`| ${label} |`));
  if (line === undefined) throw new Error(`The answer has no row for ${label}:\n${answer}`);
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function expectNear(shown: string | undefined, actual: number): void {
  expect(Math.abs(Number(shown) - actual)).toBeLessThan(HALF_A_CENT);
}

import type { Sale } from './sample-data.js';

/** What the assistant is asked for, by region. */
export interface RegionFigures {
  region: string;
  rows: number;
  /** Sum of the units that are known. */
  units: number;
}

/** The figures as this script computes them, with none of the code under show. Sorted by region. */
export function figuresOf(sales: readonly Sale[]): RegionFigures[] {
  const figures = new Map<string, RegionFigures>();
  for (const { region, units } of sales) {
    const known = figures.get(region) ?? { region, rows: 0, units: 0 };
    figures.set(region, { region, rows: known.rows + 1, units: known.units + (units ?? 0) });
  }
  return [...figures.values()].sort((one, other) => one.region.localeCompare(other.region));
}

/** The figures in the summary that the assistant's code wrote. Throws an Error that says what is missing. */
export function readSummary(csv: string): RegionFigures[] {
  const [header = [], ...rows] = csv
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const place = (name: string): number => {
    const index = header.indexOf(name);
    if (index < 0) throw new Error(`The summary has no column ${name}; it has ${header.join(', ')}.`);
    return index;
  };
  const [region, count, units] = [place('region'), place('rows'), place('units_total')];
  return rows.map((cells) => ({
    region: cells[region] ?? '',
    rows: Number(cells[count]),
    units: Number(cells[units]),
  }));
}

/** One sentence for each figure that is not as it should be. */
export function findDifferences(expected: readonly RegionFigures[], found: readonly RegionFigures[]): string[] {
  const surplus = found.filter(({ region }) => !expected.some((each) => each.region === region));
  return [
    ...surplus.map(({ region }) => `${region} is in the summary but not in the data.`),
    ...expected.flatMap((wanted) =>
      compare(
        wanted,
        found.find(({ region }) => region === wanted.region),
      ),
    ),
  ];
}

function compare(wanted: RegionFigures, found: RegionFigures | undefined): string[] {
  if (found === undefined) return [`${wanted.region} is not in the summary.`];
  return (['rows', 'units'] as const)
    .filter((name) => found[name] !== wanted[name])
    .map((name) => `${wanted.region} has ${wanted[name]} ${name}; the summary says ${found[name]}.`);
}

/** The figures side by side, as lines to print. */
export function renderFigures(expected: readonly RegionFigures[], found: readonly RegionFigures[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(10) : String(cell).padStart(16))).join('');
  const rows = expected.map(({ region, rows: count, units }) =>
    line([region, count, found.find((each) => each.region === region)?.units ?? '-', units]),
  );
  return [line(['region', 'orders', 'units (Python)', 'units (check)']), ...rows].join('\n');
}

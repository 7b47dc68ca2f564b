import { median, percentile } from '../support/statistics.js';
import type { Measurement } from './measure.js';

/** One line of the result. */
export interface Figure {
  name: string;
  unit: string;
  /** Digits after the point. */
  digits: number;
  /** Null where it could not be measured, as pandas where there is none. */
  value: number | null;
  /** What may not be exceeded. */
  atMost?: number;
}

const BYTES_PER_MB = 1024 * 1024;

/** The figures of a measurement; times are medians, but where they say otherwise. */
export function figuresOf({ timings, sessionsPerSecond, privateBytesPerKernel }: Measurement): Figure[] {
  const time = (name: string, values: readonly number[], atMost?: number): Figure => ({
    ...{ name, unit: 'ms', digits: 2, value: orNull(median(values)) },
    ...(atMost === undefined ? {} : { atMost }),
  });
  const p95 = (name: string, values: readonly number[]): Figure => ({
    ...{ name, unit: 'ms', digits: 2, value: orNull(percentile(values, 0.95)) },
  });
  return [
    time('first result, warm, trivial cell', timings.warmTrivial, 10),
    p95('first result, warm, trivial cell, p95', timings.warmTrivial),
    time('first result, warm, pandas cell', timings.warmPandas, 15),
    p95('first result, warm, pandas cell, p95', timings.warmPandas),
    time('first result, cold, trivial cell', timings.coldTrivial),
    time('first result, cold, pandas cell', timings.coldPandas),
    time('bare `bwrap python3`', timings.bare),
    {
      ...{ name: 'cold by bare', unit: 'x', digits: 2, atMost: 2 },
      value: orNull(median(timings.coldTrivial) / median(timings.bare)),
    },
    time('next cell', timings.nextCell, 2),
    { name: 'cold sessions a second', unit: '1/s', digits: 1, value: orNull(sessionsPerSecond) },
    {
      ...{ name: 'private memory of a warm kernel', unit: 'MB', digits: 1, atMost: 80 },
      value: privateBytesPerKernel === null ? null : privateBytesPerKernel / BYTES_PER_MB,
    },
  ];
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Undefined where there is no target, or no value to hold against it. */
export function isReached({ value, atMost }: Figure): boolean | undefined {
  return value === null || atMost === undefined ? undefined : value <= atMost;
}

/** The figures as a table in Markdown. */
export function renderFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    figure.unit,
    figure.value === null ? 'n/a' : figure.value.toFixed(figure.digits),
    figure.atMost === undefined ? '' : `<= ${figure.atMost}`,
    { true: 'reached', false: 'NOT reached', undefined: '' }[String(isReached(figure)) as 'true'],
  ]);
  const table = [['figure', 'unit', 'value', 'target', ''], ...rows];
  const widths = (table[0] ?? []).map((_, column) => Math.max(3, ...table.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(table[0] ?? []), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

import { median } from '../support/statistics.js';
import type { Round, Sample, ScenarioName } from './measure.js';
import type { TargetName } from './targets.js';

/** One line of the result: what the pipe and the product showed, their ratio, and what is to be reached. */
export interface Figure {
  name: string;
  unit: string;
  /** Digits after the point. */
  digits: number;
  pipe: number | null;
  threadmill: number | null;
  /** The product's value by the pipe's. */
  ratio: number | null;
  target?: Target;
}

export interface Target {
  text: string;
  of: 'ratio' | 'threadmill';
  /** The value may be at most, or must be at least, this. */
  atMost?: number;
  atLeast?: number;
}

/**
 * Portkey's gateway is not run here. In the measurements side by side that the targets come from, a pipe answered
 * 8,700 requests a second and Portkey 1,050 (middles of the ranges), so that four times Portkey is 0.48 of the pipe.
 */
const FOUR_TIMES_PORTKEY = (4 * 1050) / 8700;

const BYTES_PER_MB = 1024 * 1024;

/** The figures of a measurement: medians over its rounds. */
export function figuresOf(rounds: readonly Round[]): Figure[] {
  const of = (scenario: ScenarioName, target: TargetName, value: (sample: Sample) => number | null): number | null =>
    medianOf(rounds.map((round) => value(round[scenario][target])));
  const added =
    (scenario: ScenarioName, value: (sample: Sample) => number) =>
    (target: TargetName): number | null =>
      medianOf(rounds.map((round) => value(round[scenario][target]) - value(round[scenario].direct)));
  const plain =
    (scenario: ScenarioName, value: (sample: Sample) => number | null) =>
    (target: TargetName): number | null =>
      of(scenario, target, value);
  const p50 = ({ p50: value }: Sample): number => value;
  const p95 = ({ p95: value }: Sample): number => value;
  const firstByte = ({ firstByteP50 }: Sample): number => firstByteP50;
  const perSecond = (sample: Sample): number => sample.perSecond;
  const processorTime = (sample: Sample): number | null => sample.processorTime;
  const resident = ({ residentBytes }: Sample): number | null => residentBytes && residentBytes / BYTES_PER_MB;
  return [
    figure('JSON, one at a time: added p50', 'ms', 3, added('json1', p50), atMostRatio(2)),
    figure('JSON, one at a time: added p95', 'ms', 3, added('json1', p95)),
    figure('stream, one at a time: added to first token, p50', 'ms', 3, added('stream1', firstByte), atMostRatio(2)),
    figure('JSON, many at once: requests a second', '1/s', 0, plain('jsonMany', perSecond), fourTimesPortkey()),
    figure('JSON, many at once: processor time a request', 'us', 0, plain('jsonMany', processorTime), atMostRatio(3)),
    figure('stream, many at once: requests a second', '1/s', 0, plain('streamMany', perSecond)),
    figure('stream, many at once: processor time a request', 'us', 0, plain('streamMany', processorTime)),
    figure('paced streams: processor time a stream', 'us', 0, plain('paced', processorTime), atMostRatio(1.6)),
    figure('paced streams: resident memory', 'MB', 0, plain('paced', resident), {
      text: '<= 200 MB',
      of: 'threadmill',
      atMost: 200,
    }),
  ];
}

function figure(
  name: string,
  unit: string,
  digits: number,
  valueOf: (target: TargetName) => number | null,
  target?: Target,
): Figure {
  const pipe = valueOf('pipe');
  const threadmill = valueOf('threadmill');
  const ratio = pipe === null || threadmill === null || pipe <= 0 ? null : threadmill / pipe;
  return { name, unit, digits, pipe, threadmill, ratio, ...(target && { target }) };
}

function atMostRatio(atMost: number): Target {
  return { text: `<= ${atMost} x pipe`, of: 'ratio', atMost };
}

function fourTimesPortkey(): Target {
  return { text: `>= ${FOUR_TIMES_PORTKEY.toFixed(2)} x pipe`, of: 'ratio', atLeast: FOUR_TIMES_PORTKEY };
}

/** Null where a round has no value. */
function medianOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length && known.length > 0 ? median(known) : null;
}

/** Undefined where there is no target, or no value to hold against it. */
export function isReached({ target, ratio, threadmill }: Figure): boolean | undefined {
  const value = target?.of === 'ratio' ? ratio : threadmill;
  if (target === undefined || value === null) return undefined;
  return value <= (target.atMost ?? Infinity) && value >= (target.atLeast ?? -Infinity);
}

/** The figures as a table in Markdown, for the terminal and for the README. */
export function renderFigures(figures: readonly Figure[]): string {
  const number = (value: number | null, digits: number): string => (value === null ? 'n/a' : value.toFixed(digits));
  const rows = figures.map((each) => [
    each.name,
    each.unit,
    number(each.pipe, each.digits),
    number(each.threadmill, each.digits),
    number(each.ratio, 2),
    each.target?.text ?? '',
    { true: 'reached', false: 'NOT reached', undefined: '' }[String(isReached(each)) as 'true' | 'false' | 'undefined'],
  ]);
  const table = [['figure', 'unit', 'pipe', 'Threadmill', 'ratio', 'target', ''], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(Math.max(3, width))));
  return [line(table[0] ?? []), rule, ...table.slice(1).map(line)].join('\n');
}

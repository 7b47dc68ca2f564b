import { median } from '../support/statistics.js';
import type { Round, Sample, ScenarioName } from './measure.js';
import type { TargetName } from './targets.js';

/** One line of the result: what each showed, the product's value by those of the others, and what is to be reached. */
export interface Figure {
  name: string;
  unit: string;
  /** Digits after the point. */
  digits: number;
  pipe: number | null;
  threadmill: number | null;
  /** Null where Portkey's gateway was not measured. */
  portkey: number | null;
  /** The product's value by the pipe's. */
  ratio: number | null;
  /** The product's value by that of Portkey's gateway. */
  portkeyRatio: number | null;
  targets: readonly Target[];
}

/** The value may be at most, or must be at least, this. */
export interface Target {
  of: 'ratio' | 'portkeyRatio' | 'threadmill';
  atMost?: number;
  atLeast?: number;
}

const BYTES_PER_MB = 1024 * 1024;
const UNIT_OF_TARGET = { ratio: 'x pipe', portkeyRatio: 'x Portkey', threadmill: 'MB' };

const TWICE_THE_PIPE: Target = { of: 'ratio', atMost: 2 };

type Value = (sample: Sample) => number | null;
type ValueOf = (target: TargetName) => number | null;

const p50: Value = (sample) => sample.p50;
const p95: Value = (sample) => sample.p95;
const firstByte: Value = ({ firstByteP50 }) => firstByteP50;
const perSecond: Value = (sample) => sample.perSecond;
const processorTime: Value = (sample) => sample.processorTime;
const resident: Value = ({ residentBytes }) => residentBytes && residentBytes / BYTES_PER_MB;

/** The figures of a measurement: medians over its rounds. */
export function figuresOf(rounds: readonly Round[]): Figure[] {
  const plain =
    (scenario: ScenarioName, value: Value): ValueOf =>
    (target) =>
      medianOf(rounds.map((round) => valueIn(round, scenario, target, value)));
  const added =
    (scenario: ScenarioName, value: Value): ValueOf =>
    (target) =>
      medianOf(
        rounds.map((round) => {
          const own = valueIn(round, scenario, target, value);
          const direct = valueIn(round, scenario, 'direct', value);
          return own === null || direct === null ? null : own - direct;
        }),
      );
  return [
    figure('JSON, one at a time: added p50', 'ms', 3, added('json1', p50), TWICE_THE_PIPE),
    figure('JSON, one at a time: added p95', 'ms', 3, added('json1', p95)),
    figure('stream, one at a time: added to first token, p50', 'ms', 3, added('stream1', firstByte), TWICE_THE_PIPE),
    figure('JSON, many at once: requests a second', '1/s', 0, plain('jsonMany', perSecond), {
      of: 'portkeyRatio',
      atLeast: 4,
    }),
    figure('JSON, many at once: processor time a request', 'us', 0, plain('jsonMany', processorTime), {
      of: 'ratio',
      atMost: 3,
    }),
    figure('stream, many at once: requests a second', '1/s', 0, plain('streamMany', perSecond)),
    figure('stream, many at once: processor time a request', 'us', 0, plain('streamMany', processorTime)),
    figure(
      'paced streams: processor time a stream',
      'us',
      0,
      plain('paced', processorTime),
      { of: 'ratio', atMost: 1.6 },
      { of: 'portkeyRatio', atMost: 0.6 },
    ),
    figure('paced streams: resident memory', 'MB', 0, plain('paced', resident), { of: 'threadmill', atMost: 200 }),
  ];
}

function valueIn(round: Round, scenario: ScenarioName, target: TargetName, value: Value): number | null {
  const sample = round[scenario][target];
  return sample === undefined ? null : value(sample);
}

function figure(name: string, unit: string, digits: number, valueOf: ValueOf, ...targets: readonly Target[]): Figure {
  const [pipe, threadmill, portkey] = [valueOf('pipe'), valueOf('threadmill'), valueOf('portkey')];
  const ratios = { ratio: ratioOf(threadmill, pipe), portkeyRatio: ratioOf(threadmill, portkey) };
  return { name, unit, digits, pipe, threadmill, portkey, ...ratios, targets };
}

function ratioOf(own: number | null, other: number | null): number | null {
  return own === null || other === null || other <= 0 ? null : own / other;
}

/** Null where a round has no value. */
function medianOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length && known.length > 0 ? median(known) : null;
}

/** Undefined where there is no target, or for one of them no value to hold against it. */
export function isReached(figure: Figure): boolean | undefined {
  if (figure.targets.length === 0) return undefined;
  const results = figure.targets.map(({ of, atMost = Infinity, atLeast = -Infinity }) => {
    const value = figure[of];
    return value === null ? undefined : value <= atMost && value >= atLeast;
  });
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}

const HEAD = ['figure', 'unit', 'pipe', 'Threadmill', '/ pipe', 'Portkey', '/ Portkey', 'target', ''];

/** The figures as a table in Markdown, for the terminal and for the README. */
export function renderFigures(figures: readonly Figure[]): string {
  const table = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(Math.max(3, width))));
  return [line(HEAD), rule, ...table.slice(1).map(line)].join('\n');
}

function rowOf(figure: Figure): string[] {
  const number = (value: number | null, digits: number): string => (value === null ? 'n/a' : value.toFixed(digits));
  return [
    figure.name,
    figure.unit,
    number(figure.pipe, figure.digits),
    number(figure.threadmill, figure.digits),
    number(figure.ratio, 2),
    number(figure.portkey, figure.digits),
    number(figure.portkeyRatio, 2),
    figure.targets.map(textOf).join(', '),
    { true: 'reached', false: 'NOT reached', undefined: '' }[
      String(isReached(figure)) as 'true' | 'false' | 'undefined'
    ],
  ];
}

function textOf({ of, atMost, atLeast }: Target): string {
  const bound = atMost === undefined ? `>= ${atLeast}` : `<= ${atMost}`;
  return `${bound} ${UNIT_OF_TARGET[of]}`;
}

import { median } from '../support/statistics.js';
import type { Round, Sample } from './measure.js';
import type { ServerName } from './places.js';

/** One line of the result. */
export interface Figure extends Record<ServerName, number | null> {
  name: string;
  unit: string;
  /** Digits after the point. */
  digits: number;
  /** What is to be reached, of the product on Postgres and Redis, and of that on embedded defaults. */
  targets: Partial<Record<ServerName, Bound>>;
}

interface Bound {
  atMost?: number;
  atLeast?: number;
}

/** The figures of a measurement: medians over its rounds. */
export function figuresOf(rounds: readonly Round[]): Figure[] {
  const figure = (
    name: string,
    unit: string,
    digits: number,
    value: keyof Sample,
    targets: Figure['targets'] = {},
  ): Figure => {
    const of = (server: ServerName): number | null => medianOf(rounds.map((round) => round[server]?.[value] ?? null));
    return { name, unit, digits, server: of('server'), embedded: of('embedded'), bare: of('bare'), targets };
  };
  return [
    figure('a run, one at a time: added p50', 'ms', 1, 'runAdded', {
      server: { atMost: 15 },
      embedded: { atMost: 25 },
    }),
    figure('runs a second, many at once', '1/s', 0, 'runsPerSecond', {
      server: { atLeast: 200 },
      embedded: { atLeast: 100 },
    }),
    figure('processor time a run, many at once', 'ms', 2, 'processorTime', { server: { atMost: 4 } }),
    figure("a token of a run's stream: added p50", 'ms', 2, 'tokenAdded', {
      server: { atMost: 1 },
      embedded: { atMost: 1 },
    }),
    figure('a turn of a chat with tools: added p50', 'ms', 2, 'turnAdded', {
      server: { atMost: 5 },
      embedded: { atMost: 5 },
    }),
  ];
}

/** Null where a round has no value. */
function medianOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length && known.length > 0 ? median(known) : null;
}

const SERVERS: readonly ServerName[] = ['server', 'embedded', 'bare'];
const HEAD = ['figure', 'unit', 'Postgres + Redis', 'embedded', 'bare', 'Postgres + Redis / bare', 'target'];

/** The figures as a table in Markdown. */
export function renderFigures(figures: readonly Figure[]): string {
  const rows = [HEAD, HEAD.map(() => '---'), ...figures.map(rowOf)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rowOf(figure: Figure): string[] {
  const number = (value: number | null, digits: number): string => (value === null ? 'n/a' : value.toFixed(digits));
  const { server, bare } = figure;
  const ratio = server === null || bare === null || bare <= 0 ? null : server / bare;
  return [
    figure.name,
    figure.unit,
    ...SERVERS.map((name) => number(figure[name], figure.digits)),
    number(ratio, 1),
    SERVERS.flatMap((name) => textOf(figure.targets[name], figure[name])).join(', '),
  ];
}

function textOf(bound: Bound | undefined, value: number | null): string[] {
  if (!bound) return [];
  const { atMost = Infinity, atLeast = -Infinity } = bound;
  const text = bound.atMost === undefined ? `>= ${atLeast}` : `<= ${atMost}`;
  if (value === null) return [text];
  return [`${text} ${value <= atMost && value >= atLeast ? 'reached' : 'NOT reached'}`];
}

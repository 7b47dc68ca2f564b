import { LoadGenerator, type LoadRequest, type LoadResult } from '../support/load.js';
import { processorTimeOf, residentBytesOf } from '../support/process-usage.js';
import { percentile } from '../support/statistics.js';
import { INSTANT_MODEL, JSON_ANSWER, PACED_MODEL, STREAM_BYTES } from './answers.mjs';
import type { Plan } from './plan.js';
import type { PerTarget, Target, TargetName, Targets } from './targets.js';

/** What one target showed in one scenario of one round. */
export interface Sample {
  /** Milliseconds to the end of the answer. */
  p50: number;
  p95: number;
  /** Milliseconds to the first byte of the body. */
  firstByteP50: number;
  perSecond: number;
  /** Microseconds of processor time of the target for each request; null where the system does not tell. */
  processorTime: number | null;
  /** The most resident bytes seen; null where the system does not tell. */
  residentBytes: number | null;
}

export type ScenarioName = 'json1' | 'stream1' | 'jsonMany' | 'streamMany' | 'paced';

export interface Scenario {
  name: ScenarioName;
  concurrency: number;
  count: number;
  request: LoadRequest;
}

export type Round = Record<ScenarioName, PerTarget<Sample>>;

export interface Measurement {
  rounds: Round[];
  requests: number;
  failures: string[];
}

const RESIDENT_POLL_MS = 50;
const CONVERSATION = [
  { role: 'system', content: 'You are a careful assistant. Answer briefly, and say so when you do not know.' },
  { role: 'user', content: 'Which of the two harbours has the deeper basin, and since when? '.repeat(4) },
];

/** The scenarios of the plan, in the order in which a round goes through them. */
export function scenariosOf(plan: Plan, token: string): Scenario[] {
  const request = (model: string, stream: boolean): LoadRequest => ({
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: Buffer.from(JSON.stringify({ model, stream, messages: CONVERSATION })),
    expectedBytes: stream ? STREAM_BYTES : JSON_ANSWER.length,
  });
  const { single, concurrency, many, manyStreams, paced } = plan;
  const json = request(INSTANT_MODEL, false);
  const stream = request(INSTANT_MODEL, true);
  return [
    { name: 'json1', concurrency: 1, count: single, request: json },
    { name: 'stream1', concurrency: 1, count: single, request: stream },
    { name: 'jsonMany', concurrency, count: many, request: json },
    { name: 'streamMany', concurrency, count: manyStreams, request: stream },
    { name: 'paced', concurrency: paced, count: paced, request: request(PACED_MODEL, true) },
  ];
}

/** Measures all targets in interleaved rounds, each round beginning with another target. */
export async function measure(plan: Plan, targets: Targets, progress: (text: string) => void): Promise<Measurement> {
  const scenarios = scenariosOf(plan, targets.token);
  const measurement: Measurement = { rounds: [], requests: 0, failures: [] };
  const record = ({ timings, failures }: LoadResult): void => {
    measurement.requests += timings.length + failures.length;
    measurement.failures.push(...failures);
  };
  progress('warming up');
  for (const target of Object.values(targets.all)) await warmUp(plan, scenarios, target, record);
  for (let index = 0; index < plan.rounds; index += 1) {
    progress(`round ${index + 1} of ${plan.rounds}`);
    measurement.rounds.push(await measureRound(scenarios, targets, index, record));
  }
  return measurement;
}

async function warmUp(
  { warmUp: count, concurrency }: Plan,
  scenarios: readonly Scenario[],
  target: Target,
  record: (result: LoadResult) => void,
): Promise<void> {
  for (const { name, request } of scenarios) {
    if (name !== 'json1' && name !== 'stream1') continue;
    const load = new LoadGenerator(target.origin, concurrency);
    record(await load.run(requestTo(target, request), count));
    await load.close();
  }
}

async function measureRound(
  scenarios: readonly Scenario[],
  targets: Targets,
  index: number,
  record: (result: LoadResult) => void,
): Promise<Round> {
  const round: Partial<Round> = {};
  const all = Object.entries(targets.all) as [TargetName, Target][];
  const first = index % all.length;
  const order = [...all.slice(first), ...all.slice(0, first)];
  for (const scenario of scenarios) {
    const samples: Partial<Record<TargetName, Sample>> = {};
    for (const [name, target] of order) samples[name] = await measureTarget(scenario, target, record);
    round[scenario.name] = samples as PerTarget<Sample>;
  }
  return round as Round;
}

async function measureTarget(
  { concurrency, count, request }: Scenario,
  target: Target,
  record: (result: LoadResult) => void,
): Promise<Sample> {
  const { origin, pid } = target;
  const load = new LoadGenerator(origin, concurrency);
  let residentBytes = residentBytesOf(pid);
  const poll = setInterval(() => {
    residentBytes = Math.max(residentBytes ?? 0, residentBytesOf(pid) ?? 0);
  }, RESIDENT_POLL_MS);
  const before = processorTimeOf(pid);
  const result = await load.run(requestTo(target, request), count);
  const after = processorTimeOf(pid);
  clearInterval(poll);
  await load.close();
  record(result);
  const totals = result.timings.map(({ total }) => total);
  return {
    p50: percentile(totals, 0.5),
    p95: percentile(totals, 0.95),
    firstByteP50: percentile(
      result.timings.map(({ firstByte }) => firstByte),
      0.5,
    ),
    perSecond: (result.timings.length / result.duration) * 1000,
    processorTime: before === null || after === null ? null : (after - before) / count,
    residentBytes,
  };
}

function requestTo({ headers }: Target, request: LoadRequest): LoadRequest {
  return headers === undefined ? request : { ...request, headers: { ...request.headers, ...headers } };
}

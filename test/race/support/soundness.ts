import { race } from './race.js';
import type { RacedRun, RacePlace } from './race-place.js';
import { RunHistory } from './run-history.js';

interface WireObject {
  id: string;
  run_id: string | null;
  status: string;
  content?: { text?: { value: string } }[];
}

/** What is wrong with runs that have ended, by their streams and by what can be read of them. */
export async function findBreaches(place: RacePlace, runs: readonly RacedRun[]): Promise<string[]> {
  const found = await race(runs.length, async (_random, index) => {
    const run = runs[index];
    return run === undefined ? [] : (await breachesOf(place, run)).map((breach) => `${run.runId}: ${breach}`);
  });
  return found.flat();
}

async function breachesOf(place: RacePlace, run: RacedRun): Promise<string[]> {
  const history = new RunHistory(await place.wire.history(run.threadId, run.runId));
  const breaches = [...history.breaches];
  const { body } = await place.wire.get(place.path(run));
  if (body.status !== history.statuses.at(-1)) breaches.push(`is ${body.status}, told as ${history.statuses.at(-1)}`);
  const steps = await list(place, `${place.path(run)}/steps`);
  const messages = (await list(place, `/threads/${run.threadId}/messages`)).filter(
    ({ run_id }) => run_id === run.runId,
  );
  breaches.push(
    ...differences('step', history.ids.step, steps),
    ...differences('message', history.ids.message, messages),
  );
  for (const { id, status, content } of messages) {
    const text = content?.[0]?.text?.value;
    if (status === 'completed' && text !== history.texts.get(id)) breaches.push(`${id} is "${text}", told otherwise`);
  }
  return breaches;
}

async function list(place: RacePlace, path: string): Promise<WireObject[]> {
  return (await place.wire.get(`${path}?limit=100`)).body.data as WireObject[];
}

function differences(kind: string, told: ReadonlySet<string>, kept: readonly WireObject[]): string[] {
  const ids = kept.map(({ id }) => id);
  return [
    ...kept.filter(({ status }) => status === 'in_progress').map(({ id }) => `${kind} ${id} is open`),
    ...ids.filter((id) => !told.has(id)).map((id) => `${kind} ${id} was never told`),
    ...[...told].filter((id) => !ids.includes(id)).map((id) => `${kind} ${id} is told only`),
  ];
}

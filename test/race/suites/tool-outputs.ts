import { sleep } from '@libs/kernel';
import { race, report, type RaceCounts } from '../support/race.js';
import type { RacePlace, RacedRun } from '../support/race-place.js';
import { findBreaches } from '../support/soundness.js';
import type { Answer } from '../support/wire.js';

/** The two requests are so far apart at most, each as often the first. */
const SPREAD_MS = 100;
const NOT_ACCEPTED = /^Runs in status "\w+" do not accept tool outputs\.$/;
const NOT_CANCELLED = /^Cannot cancel run with status 'completed'\.$/;

export function describeToolOutputs(place: () => RacePlace, { main, further }: RaceCounts): void {
  it(`takes the outputs of each of ${main} runs once, of two who submit them`, async () => {
    const runs = await beginWaiting(main);
    const refusals = await race(main, async (_random, index) => {
      const run = runs[index];
      if (!run) throw new Error('A run is missing.');
      const ids = await callsOf(run);
      // After "call" the model calls once more, so that a late second request finds a run that waits again.
      const output = index % 4 === 0 ? 'call' : 'sunny';
      const answers = await Promise.all([place().submitFor(run, ids, output), place().submitFor(run, ids, output)]);
      const [refused] = answers.filter(({ status }) => status !== 200);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
      expect(refused?.body.error?.type).toBe('invalid_request_error');
      if (output === 'call') await place().cancel(run);
      expect(await place().untilEnd(run)).toBe(output === 'call' ? 'cancelled' : 'completed');
      return withoutIds(refused);
    });
    report('Second submit refused', refusals);
    expect(await findBreaches(place(), runs)).toEqual([]);
  }, 240_000);

  it(`ends each of ${further} runs once, whether its outputs or its cancel come first`, async () => {
    const runs = await beginWaiting(further);
    const ends = await race(further, async (random, index) => {
      const run = runs[index];
      if (!run) throw new Error('A run is missing.');
      const ids = await callsOf(run);
      const late = (random() - 0.5) * SPREAD_MS;
      const submitting = sleep(Math.max(0, late)).then(() => place().submitFor(run, ids));
      const cancelling = sleep(Math.max(0, -late)).then(() => place().cancel(run));
      const [submitted, cancelled] = await Promise.all([submitting, cancelling]);
      const end = await place().untilEnd(run);
      if (submitted.status !== 200) expect(submitted.body.error?.message).toMatch(NOT_ACCEPTED);
      if (cancelled.status !== 200) expect(cancelled.body.error?.message).toMatch(NOT_CANCELLED);
      if (submitted.status !== 200) expect(end).toBe('cancelled');
      return `${submitted.status === 200 ? 'submitted' : 'refused'}, ${end}`;
    });
    report('Submit against cancel', ends);
    expect(await findBreaches(place(), runs)).toEqual([]);
    expect(ends.filter((end) => !/cancelled|completed/.test(end))).toEqual([]);
  }, 240_000);

  function beginWaiting(count: number): Promise<RacedRun[]> {
    return race(count, async () => {
      const run = await place().begin('call');
      expect(await place().untilEnd(run)).toBe('requires_action');
      return run;
    });
  }

  async function callsOf(run: RacedRun): Promise<string[]> {
    const { body } = await place().wire.get(place().path(run));
    const action = body.required_action as { submit_tool_outputs: { tool_calls: { id: string }[] } };
    return action.submit_tool_outputs.tool_calls.map(({ id }) => id);
  }
}

function withoutIds(answer: Answer | undefined): string {
  return (answer?.body.error?.message ?? '').replace(/'[^']*'/g, '…');
}

import { sleep } from '@libs/kernel';
import { Aim } from '../support/aim.js';
import { race, report, type RaceCounts } from '../support/race.js';
import type { RacePlace, RacedRun } from '../support/race-place.js';
import { findBreaches } from '../support/soundness.js';

/** Polls without a pause would take from the runs the processor that they need to get on. */
const POLL_MS = 20;
const SURELY_EARLY = 0;
const SURELY_LATE = 1;

export function describeCancels(place: () => RacePlace, { main, further }: RaceCounts): void {
  it(`ends each of ${main} runs once, whether its cancel or its completion comes first`, async () => {
    const aim = new Aim(await place().typicalDuration());
    const runs: RacedRun[] = [];
    const ends = await race(main, async (random, index) => {
      const run = await place().begin('speak');
      runs.push(run);
      // The two plain orders are always among the attempts, whatever the machine makes of the aim.
      if (index === SURELY_LATE) await place().untilEnd(run);
      else if (index !== SURELY_EARLY) await sleep(aim.delay(random));
      const cancel = await place().cancel(run);
      const end = await place().untilEnd(run);
      if (cancel.status === 200) {
        expect(cancel.body.status).toBe('cancelling');
        aim.tooEarly();
        return end;
      }
      expect(cancel).toMatchObject({ status: 400, body: { error: { type: 'invalid_request_error' } } });
      expect(cancel.body.error?.message).toBe("Cannot cancel run with status 'completed'.");
      expect(end).toBe('completed');
      aim.tooLate();
      return `${end}, cancel refused`;
    });
    report('Cancel against completion', ends);
    expect(await findBreaches(place(), runs)).toEqual([]);
    expect(new Set(ends.map((end) => end.split(',')[0]))).toEqual(new Set(['cancelled', 'completed']));
  }, 240_000);

  it(`cancels each of ${further} runs that are about to wait for their client, or wait already`, async () => {
    const aim = new Aim(await place().typicalDuration());
    const runs: RacedRun[] = [];
    const outcomes = await race(further, async (random, index) => {
      const run = await place().begin('call');
      runs.push(run);
      if (index === SURELY_LATE) await place().untilEnd(run);
      else if (index !== SURELY_EARLY) await sleep(aim.delay(random));
      expect((await place().cancel(run)).status).toBe(200);
      expect(await place().untilEnd(run)).toBe('cancelled');
      const told = await place().wire.history(run.threadId, run.runId);
      const waited = told.some(({ event }) => event === 'thread.run.requires_action');
      if (waited) aim.tooLate();
      else aim.tooEarly();
      return waited ? 'while it waited' : 'before it waited';
    });
    report('Cancel against requires_action', outcomes);
    expect(await findBreaches(place(), runs)).toEqual([]);
    expect(new Set(outcomes).size).toBe(2);
  }, 240_000);

  it(`takes the outputs of each of ${further} runs as soon as a poll shows that it waits`, async () => {
    const runs = await race(further, async () => {
      const run = await place().begin('call');
      let answer = await place().submit(run);
      while (answer.status !== 200) {
        await sleep(POLL_MS);
        answer = await place().submit(run);
      }
      expect(await place().untilEnd(run)).toBe('completed');
      return run;
    });
    expect(await findBreaches(place(), runs)).toEqual([]);
  }, 240_000);
}

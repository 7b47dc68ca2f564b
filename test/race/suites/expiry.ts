import { sleep } from '@libs/kernel';
import { Aim } from '../support/aim.js';
import { race, report } from '../support/race.js';
import type { RacePlace, RacedRun } from '../support/race-place.js';
import { findBreaches } from '../support/soundness.js';

const ENDS = new Set(['cancelled', 'completed', 'expired']);
/** A cancel or a submit comes so close to the expiry, before it or after. */
const SPREAD_MS = 100;

export function describeExpiry(place: () => RacePlace, count: number): void {
  it(`ends each of ${count} runs once, whether it expires, completes, is cancelled or goes on first`, async () => {
    const aims = { completion: new Aim(), cancel: new Aim(), submit: new Aim() };
    const runs: RacedRun[] = [];
    const ends = await race(count, async (random, index) => {
      const against = (['completion', 'cancel', 'submit'] as const)[index % 3] ?? 'completion';
      const life = Math.ceil(aims[against].delay(random));
      const run = await place().begin(against === 'submit' ? 'call' : 'speak', { expires_in_ms: String(life) });
      runs.push(run);
      await sleep(Math.max(0, life + (random() - 0.5) * SPREAD_MS));
      if (against === 'cancel') await place().cancel(run);
      if (against === 'submit') await submitAround(run);
      const end = await place().untilEnd(run);
      if (end === 'expired') aims[against].tooEarly();
      else aims[against].tooLate();
      return `${against}: ${end}`;
    });
    report('Expiry against', ends);
    expect(await findBreaches(place(), runs)).toEqual([]);
    expect(new Set(ends.map((end) => end.split(': ')[1]))).toEqual(ENDS);
  }, 120_000);

  async function submitAround(run: RacedRun): Promise<void> {
    if ((await place().untilEnd(run, ['requires_action'])) !== 'requires_action') return;
    const answer = await place().submit(run);
    expect([200, 400]).toContain(answer.status);
  }
}

import { sleep } from '@libs/kernel';
import { Aim } from '../support/aim.js';
import { race, report } from '../support/race.js';
import type { RacePlace, RacedRun } from '../support/race-place.js';
import { findBreaches } from '../support/soundness.js';

const ENDS = new Set(['cancelled', 'completed', 'expired']);
/** A cancel comes so close to the expiry, before it or after. */
const SPREAD_MS = 100;

type Begin = (text: string, life: number) => Promise<RacedRun>;
const LONG_LIFE_MS = 120_000;

const PLAIN: readonly ((begin: Begin, place: RacePlace) => Promise<string>)[] = [
  async (begin, place) => {
    const run = await begin('speak', LONG_LIFE_MS);
    await place.cancel(run);
    return place.untilEnd(run);
  },
  async (begin, place) => place.untilEnd(await begin('speak', LONG_LIFE_MS)),
  async (begin, place) => place.untilEnd(await begin('speak', 1)),
];

export function describeExpiry(place: () => RacePlace, count: number): void {
  it(`ends each of ${count} runs once, whether it expires, completes, is cancelled or goes on first`, async () => {
    const typical = await place().typicalDuration();
    const aims = { completion: new Aim(typical), submit: new Aim(typical) };
    const runs: RacedRun[] = [];
    const begin = async (text: string, life: number): Promise<RacedRun> => {
      const run = await place().begin(text, { expires_in_ms: String(Math.ceil(life)) });
      runs.push(run);
      return run;
    };

    async function againstCancel(random: () => number): Promise<string> {
      const life = typical * random();
      const run = await begin('speak', life);
      await sleep(Math.max(0, life + (random() - 0.5) * SPREAD_MS));
      await place().cancel(run);
      return place().untilEnd(run);
    }

    async function againstAim(random: () => number, aim: Aim, text: string): Promise<string> {
      const run = await begin(text, aim.delay(random));
      if ((await place().untilEnd(run)) === 'requires_action') {
        const answer = await place().submit(run);
        expect([200, 400]).toContain(answer.status);
      }
      const end = await place().untilEnd(run);
      if (end === 'expired') aim.tooEarly();
      else aim.tooLate();
      return end;
    }

    const ends = await race(count, async (random, index) => {
      // One of each plain order is always among the attempts, whatever the machine makes of the aim.
      const plain = PLAIN[index];
      if (plain) return `plain: ${await plain(begin, place())}`;
      if (index % 3 === 0) return `cancel: ${await againstCancel(random)}`;
      if (index % 3 === 1) return `completion: ${await againstAim(random, aims.completion, 'speak')}`;
      return `submit: ${await againstAim(random, aims.submit, 'call')}`;
    });
    report('Expiry against', ends);
    expect(await findBreaches(place(), runs)).toEqual([]);
    expect(new Set(ends.map((end) => end.split(': ')[1]))).toEqual(ENDS);
  }, 240_000);
}

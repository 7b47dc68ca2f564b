import type { SandboxProvider } from '@libs/sandbox';
import { eventually } from '../../../support/eventually.js';
import { createFixture } from '../leftovers.js';
import { Chaos, renderFigures, type ChaosPlan } from './chaos.js';
import { killOneBelow } from './processes.js';

const TEST_TIMEOUT_MS = 300_000;
/** CHAOS_SEED repeats an order of events, as far as the machine's own timing lets it. */
const SEED = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));

export interface ChaosSuite extends Pick<ChaosPlan, 'sessions' | 'tenants' | 'concurrency'> {
  name: string;
  create: (root: string) => SandboxProvider | Promise<SandboxProvider>;
  killOne?: ChaosPlan['killOne'];
}

const isRoom = (name: string): boolean => /^[^/]+\/[0-9a-f]{24}$/.test(name);

/** Whatever happens to the sessions: nothing is left, and nothing is in the wrong place. */
export function describeChaos({ name, create, killOne = killOneBelow, ...plan }: ChaosSuite): void {
  it(
    `${plan.sessions} sessions of ${plan.tenants} tenants leave nothing, and meet nothing of each other`,
    async () => {
      const fixture = await createFixture(create);
      try {
        const chaos = new Chaos({ ...plan, provider: fixture.provider, seed: SEED, killOne });
        const figures = await chaos.run();
        process.stderr.write(`${renderFigures(`${name}, CHAOS_SEED=${SEED}`, figures)}`);
        expect(figures.breaches).toEqual([]);
        // Enough of them got to run for this to mean something.
        expect(figures.statuses.ok ?? 0).toBeGreaterThan(plan.sessions / 2);
        expect(figures.statuses.cancelled ?? 0).toBeGreaterThan(0);
        // Of the sessions nothing is left: there are only the rooms of kernels that wait for others.
        await eventually(async () => {
          const rooms = (await fixture.leftovers()).filter(isRoom);
          expect(rooms).toHaveLength(fixture.provider.state()?.pool?.ready ?? 0);
        });
        await fixture.provider.close();
        expect(await fixture.leftovers()).toEqual([]);
      } finally {
        // Else what this one leaves would be found by the next as well.
        await fixture.dispose();
      }
    },
    TEST_TIMEOUT_MS,
  );
}

import { describeCells } from './cells.js';
import { describeConfinement } from './confinement.js';
import { describeFiles } from './files.js';
import { describeHostileFiles } from './hostile-files.js';
import { describeLifecycle } from './lifecycle.js';
import { describeLimits } from './limits.js';
import type { SandboxFixture, SandboxTraits } from './sandbox-fixture.js';
import { describeStops } from './stops.js';

/** The rules of the SandboxProvider port, for any implementation. */
export function describeSandboxContract(
  name: string,
  traits: SandboxTraits,
  create: () => Promise<SandboxFixture>,
): void {
  describe(`SandboxProvider contract: ${name}`, () => {
    let fixture: SandboxFixture;
    beforeAll(async () => {
      fixture = await create();
    });
    afterAll(() => fixture.dispose());

    describeCells(() => fixture, traits);
    describeStops(() => fixture, traits);
    describeFiles(() => fixture);
    describeConfinement(() => fixture, traits);
    describeLimits(() => fixture, traits);
    if (traits.hasProcesses) describeHostileFiles(() => fixture);
    describeLifecycle(() => fixture);
  });
}

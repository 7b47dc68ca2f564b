import { describeCells } from './cells.js';
import { describeConfinement } from './confinement.js';
import { describeFiles } from './files.js';
import { describeHostileFiles } from './hostile-files.js';
import { describeLifecycle } from './lifecycle.js';
import { describeLimits } from './limits.js';
import type { SandboxFixture, SandboxTraits } from './sandbox-fixture.js';
import { describeStops } from './stops.js';

/** A probe imports whatever it can find, and Deno's first start runs all of Python's in WebAssembly. */
const START_PATIENCE_MS = 120_000;

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
    }, START_PATIENCE_MS);
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

import { describeWith } from '../../support/requirements.js';
import { describeFigures } from './figures.js';
import { createRemote } from './hosted.js';
import { createFixture } from './leftovers.js';
import type { SandboxFixture } from './sandbox-fixture.js';
import { describeSandboxContract } from './sandbox-provider.contract.js';

describeWith('bubblewrap', 'a sandbox host', () => {
  describeSandboxContract(
    'remote',
    { hasProcesses: true, userId: 1000, writeToProtocol: 'import os\nwhile junk: junk = junk[os.write(3, junk):]' },
    () => createFixture(createRemote),
  );

  describeWith('pandas', 'with the libraries for data', () => {
    let fixture: SandboxFixture;
    beforeAll(async () => {
      fixture = await createFixture(createRemote);
    });
    afterAll(() => fixture.dispose());

    describeFigures(() => fixture);
  });
});

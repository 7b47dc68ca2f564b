import { BubblewrapProvider } from '@libs/sandbox';
import { describeWith } from '../../support/requirements.js';
import { describeFigures } from './figures.js';
import { createFixture } from './leftovers.js';
import type { SandboxFixture } from './sandbox-fixture.js';
import { describeSandboxContract } from './sandbox-provider.contract.js';

const create = (): Promise<SandboxFixture> =>
  createFixture((workspacesRoot) => new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3' }));

describeWith('bubblewrap', 'bubblewrap', () => {
  describeSandboxContract(
    'bubblewrap',
    { hasProcesses: true, userId: 1000, writeToProtocol: 'import os\nwhile junk: junk = junk[os.write(3, junk):]' },
    create,
  );

  describeWith('pandas', 'with the libraries for data', () => {
    let fixture: SandboxFixture;
    beforeAll(async () => {
      fixture = await create();
    });
    afterAll(() => fixture.dispose());

    it('finds them by its probe', async () => {
      const probe = await fixture.provider.probe();
      expect(probe.ok && probe.modules).toEqual(expect.arrayContaining(['pandas', 'numpy']));
    });

    describeFigures(() => fixture);
  });
});

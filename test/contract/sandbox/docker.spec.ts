import { DockerProvider } from '@libs/sandbox';
import { describeWith, TEST_DOCKER_IMAGE, TEST_DOCKER_SOCKET } from '../../support/requirements.js';
import { createDockerFixture } from './docker-fixture.js';
import { describeFigures } from './figures.js';
import type { SandboxFixture } from './sandbox-fixture.js';
import { describeSandboxContract } from './sandbox-provider.contract.js';

const TRAITS = {
  hasProcesses: true,
  userId: 'own',
  writeToProtocol: 'import os\nwhile junk: junk = junk[os.write(3, junk):]',
} as const;

const create = (): Promise<SandboxFixture> =>
  createDockerFixture(
    (workspacesRoot) => new DockerProvider({ workspacesRoot, socket: TEST_DOCKER_SOCKET, image: TEST_DOCKER_IMAGE }),
  );

describeWith('podman', 'docker', () => {
  describeSandboxContract('docker', TRAITS, create);

  describe('with the libraries for data', () => {
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

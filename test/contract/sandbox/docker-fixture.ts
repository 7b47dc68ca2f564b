import Docker from 'dockerode';
import { TEST_DOCKER_SOCKET } from '../../support/requirements.js';
import { createFixture } from './leftovers.js';
import type { SandboxFixture } from './sandbox-fixture.js';

const OWNER_LABEL = 'io.threadmill.sandbox.owner';

/** A fixture that counts containers among what may be left. */
export async function createDockerFixture(create: Parameters<typeof createFixture>[0]): Promise<SandboxFixture> {
  const before = new Set(await containersOf(process.pid));
  const fixture = await createFixture(create);
  return {
    ...fixture,
    leftovers: async () => [
      ...(await fixture.leftovers()),
      ...(await containersOf(process.pid)).filter((name) => !before.has(name)),
    ],
  };
}

/** Containers that a server has made, running or not. */
export async function containersOf(pid: number): Promise<string[]> {
  const engine = new Docker({ socketPath: TEST_DOCKER_SOCKET });
  const containers = await engine.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
  return containers
    .filter(({ Labels }) => Labels[OWNER_LABEL]?.includes(`.${pid}.`))
    .map(({ Id }) => `container ${Id}`);
}

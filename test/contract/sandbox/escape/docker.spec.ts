import { DockerProvider } from '@libs/sandbox';
import { describeWith, TEST_DOCKER_IMAGE, TEST_DOCKER_SOCKET } from '../../../support/requirements.js';
import { createDockerFixture } from '../docker-fixture.js';
import { describeEgressEscapes } from './egress-suite.js';
import { describeEscapes } from './escape-suite.js';

describeWith('podman', 'docker', () => {
  describeEscapes(
    'process',
    (workspacesRoot) => new DockerProvider({ workspacesRoot, socket: TEST_DOCKER_SOCKET, image: TEST_DOCKER_IMAGE }),
    { create: createDockerFixture },
  );
  describeEgressEscapes(
    (workspacesRoot, egress) =>
      new DockerProvider({ workspacesRoot, socket: TEST_DOCKER_SOCKET, image: TEST_DOCKER_IMAGE, egress }),
    createDockerFixture,
  );
});

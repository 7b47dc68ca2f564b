import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BubblewrapProvider, DenoProvider, DockerProvider, type SandboxProvider } from '@libs/sandbox';
import { describeWith, TEST_DOCKER_IMAGE, TEST_DOCKER_SOCKET } from '../../support/requirements.js';
import { containersOf } from './docker-fixture.js';
import { ownedOutside } from './leftovers.js';

const PROGRAM = fileURLToPath(new URL('./killed-server.fixture.ts', import.meta.url));
const ENDS_WITHIN_MS = 10_000;

function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

async function waitUntilGone(pids: number[]): Promise<void> {
  const deadline = Date.now() + ENDS_WITHIN_MS;
  const alive = (): number[] => pids.filter((pid) => readdirSync('/proc').includes(String(pid)));
  while (alive().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(alive()).toEqual([]);
}

function describeKilledServer(kind: 'bubblewrap' | 'deno', create: (root: string) => SandboxProvider): void {
  describeWith(kind, `a server with ${kind} that was killed`, () => {
    it('leaves no process, and its successor removes the rest', async () => {
      const root = await mkdtemp(join(tmpdir(), 'threadmill-killed-'));
      const server = spawn(process.execPath, ['--import', 'tsx', PROGRAM, kind, root], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(server.stdout, 'data');
      const pid = server.pid ?? 0;
      const started = descendantsOf(pid);
      expect(started.length).toBeGreaterThan(0);
      server.kill('SIGKILL');
      await once(server, 'exit');
      await waitUntilGone(started);
      const successor = create(root);
      await successor.reapOrphans();
      expect(ownedOutside(pid)).toEqual([]);
      expect(await readdir(root)).toEqual([]);
      await successor.close();
      await rm(root, { recursive: true });
    });

    it('leaves nothing mounted once any server has started, its own folder being thrown away', async () => {
      const roots = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'threadmill-killed-'))));
      const [root = '', other = ''] = roots;
      const server = spawn(process.execPath, ['--import', 'tsx', PROGRAM, kind, root], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(server.stdout, 'data');
      const pid = server.pid ?? 0;
      const started = descendantsOf(pid);
      server.kill('SIGKILL');
      await once(server, 'exit');
      await waitUntilGone(started);
      const stranger = create(other);
      await stranger.reapOrphans();
      expect(ownedOutside(pid)).toEqual([]);
      await stranger.close();
      await Promise.all(roots.map((each) => rm(each, { recursive: true })));
    });

    it('does not take a living server for a dead one', () => expectLivingServerSpared(create));
  });
}

async function expectLivingServerSpared(create: (root: string) => SandboxProvider): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'threadmill-living-'));
  const provider = create(root);
  const session = await provider.acquire({ workspaceId: 'w', tenantId: 't' });
  const successor = create(root);
  await successor.reapOrphans();
  for await (const event of session.run('1')) {
    if (event.type === 'done') expect(event).toMatchObject({ status: 'ok', stateLost: false });
  }
  await provider.close();
  await successor.close();
  await rm(root, { recursive: true });
}

describeKilledServer(
  'bubblewrap',
  (workspacesRoot) => new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3' }),
);
describeKilledServer('deno', (workspacesRoot) => new DenoProvider({ workspacesRoot }));

/** Containers are the engine's processes and outlive the server: its successor ends them. */
describeWith('podman', 'a server with docker that was killed', () => {
  const create = (workspacesRoot: string): SandboxProvider =>
    new DockerProvider({ workspacesRoot, socket: TEST_DOCKER_SOCKET, image: TEST_DOCKER_IMAGE });

  it('leaves no container, mount or folder behind its successor, even one with another folder', async () => {
    const roots = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'threadmill-killed-'))));
    const [root = '', other = ''] = roots;
    const parameters = ['docker', root, TEST_DOCKER_SOCKET, TEST_DOCKER_IMAGE];
    const server = spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...parameters], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(server.stdout, 'data');
    const pid = server.pid ?? 0;
    expect(await containersOf(pid)).toHaveLength(1);
    server.kill('SIGKILL');
    await once(server, 'exit');
    const successor = create(other);
    await successor.reapOrphans();
    expect(await containersOf(pid)).toEqual([]);
    expect(ownedOutside(pid)).toEqual([]);
    await successor.close();
    await Promise.all(roots.map((each) => rm(each, { recursive: true })));
  });

  it('does not take a living server for a dead one', () => expectLivingServerSpared(create));
});

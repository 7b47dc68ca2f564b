import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BubblewrapProvider, DenoProvider, type SandboxProvider } from '@libs/sandbox';
import { describeWith } from '../../support/requirements.js';
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

    it('does not take a living server for a dead one', async () => {
      const root = await mkdtemp(join(tmpdir(), 'threadmill-living-'));
      const provider = create(root);
      const session = await provider.acquire({ workspaceId: 'w', tenantId: 't' });
      await create(root).reapOrphans();
      for await (const event of session.run('1')) {
        if (event.type === 'done') expect(event).toMatchObject({ status: 'ok', stateLost: false });
      }
      await provider.close();
      await rm(root, { recursive: true });
    });
  });
}

describeKilledServer(
  'bubblewrap',
  (workspacesRoot) => new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3' }),
);
describeKilledServer('deno', (workspacesRoot) => new DenoProvider({ workspacesRoot }));

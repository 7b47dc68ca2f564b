import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BubblewrapProvider } from '@libs/sandbox';
import { eventually } from '../../../support/eventually.js';
import { describeWith } from '../../../support/requirements.js';
import { createRemote } from '../hosted.js';
import { ownedOutside } from '../leftovers.js';
import { describeChaos } from './chaos-suite.js';
import { descendantsOf } from './processes.js';

const PROGRAM = fileURLToPath(new URL('./killed-server.fixture.ts', import.meta.url));
const PYTHON = '/usr/bin/python3';
const KILLS = 3;

describeWith('bubblewrap', 'chaos in bubblewrap', () => {
  describeChaos({
    ...{ name: 'bubblewrap', sessions: 200, tenants: 8, concurrency: 8 },
    create: (workspacesRoot) => new BubblewrapProvider({ workspacesRoot, python: PYTHON, warmKernels: 2 }),
  });

  describeChaos({
    ...{ name: 'bubblewrap on a sandbox host', sessions: 60, tenants: 8, concurrency: 6 },
    create: createRemote,
  });

  it('a server that is killed in the midst of it, again and again, leaves nothing that its successor does not remove', async () => {
    const root = await mkdtemp(join(tmpdir(), 'threadmill-chaos-'));
    for (let round = 0; round < KILLS; round += 1) {
      const server = spawn(process.execPath, ['--import', 'tsx', PROGRAM, root, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(server.stdout, 'data');
      const pid = server.pid ?? 0;
      await eventually(() => expect(descendantsOf(pid).length).toBeGreaterThan(5));
      await sleep(Math.random() * 500);
      const started = descendantsOf(pid);
      server.kill('SIGKILL');
      await once(server, 'exit');
      await eventually(() => expect(started.filter((each) => existsSync(`/proc/${each}`))).toEqual([]));
      const successor = new BubblewrapProvider({ workspacesRoot: root, python: PYTHON });
      await successor.reapOrphans();
      expect(ownedOutside(pid)).toEqual([]);
      expect(await readdir(root)).toEqual([]);
      await successor.close();
    }
    await rm(root, { recursive: true });
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { BubblewrapProvider } from '@libs/sandbox';
import { eventually } from '../../support/eventually.js';
import { describeWith } from '../../support/requirements.js';
import { describeCells } from './cells.js';
import { describeConfinement } from './confinement.js';
import { createFixture } from './leftovers.js';
import { acquire, content, runCode, type SandboxFixture } from './sandbox-fixture.js';

const TRAITS = {
  hasProcesses: true,
  userId: 1000,
  writeToProtocol: 'import os\nwhile junk: junk = junk[os.write(3, junk):]',
} as const;

const create = (warmKernels: number): Promise<SandboxFixture> =>
  createFixture(
    (workspacesRoot) => new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3', warmKernels }),
  );

describeWith('bubblewrap', 'warm kernels', () => {
  describe('behave as cold ones', () => {
    let fixture: SandboxFixture;
    /** Each session of these suites takes a kernel that waits. */
    const warm: SandboxFixture = {
      get provider() {
        return {
          ...{ name: 'warm', probe: () => fixture.provider.probe(), state: () => fixture.provider.state() },
          acquire: async (request: Parameters<SandboxFixture['provider']['acquire']>[0]) => {
            await readyKernels(fixture, 1);
            return fixture.provider.acquire(request);
          },
          reapOrphans: () => Promise.resolve(),
          close: () => Promise.resolve(),
        };
      },
      leftovers: () => fixture.leftovers(),
      dispose: () => Promise.resolve(),
    };
    beforeAll(async () => {
      fixture = await create(1);
    });
    afterAll(async () => {
      expect(fixture.provider.state()?.pool).toMatchObject({ missed: 0 });
      await fixture.dispose();
    });

    describeCells(() => warm, TRAITS);
    describeConfinement(() => warm, TRAITS);
  });

  it('have imported what programs for data begin with, silently, and count no cell', async () => {
    const fixture = await create(1);
    const probe = await fixture.provider.probe();
    const imported = ['numpy', 'pandas'].filter((name) => probe.ok && probe.modules.includes(name));
    await readyKernels(fixture, 1);
    const session = await acquire(fixture);
    const { result, stderr } = await runCode(
      session,
      'import sys; [n for n in ("numpy", "pandas") if n in sys.modules]',
    );
    expect({ result, stderr }).toEqual({ result: `[${imported.map((name) => `'${name}'`).join(', ')}]`, stderr: '' });
    expect((await runCode(session, 'sorted(n for n in globals() if n != "sys" and n[0] != "_")')).result).toBe('[]');
    expect((await runCode(session, '1/0')).stderr).toContain('<cell 3>');
    await fixture.dispose();
  });

  it('are given out once each, with limits, folders and users of their own', async () => {
    const fixture = await create(2);
    await readyKernels(fixture, 2);
    const sessions = await Promise.all([acquire(fixture), acquire(fixture)]);
    expect(fixture.provider.state()?.pool).toMatchObject({ served: 2, missed: 0 });
    const [one, other] = sessions;
    await one.putFile('secret.txt', content('x'));
    await runCode(one, 'secret = 1');
    expect((await runCode(other, 'import os; os.listdir("/mnt/data")')).result).toBe('[]');
    expect((await runCode(other, 'secret')).stderr).toContain('NameError');
    expect(new Set(ownersOfKernels()).size).toBe(ownersOfKernels().length);
    await fixture.dispose();
  });

  it('are passed over by sessions with limits of their own', async () => {
    const fixture = await create(1);
    await readyKernels(fixture, 1);
    const session = await acquire(fixture, { maxWorkspaceFiles: 50 });
    expect(fixture.provider.state()?.pool).toMatchObject({ ready: 1, served: 0, missed: 0 });
    const { done } = await runCode(session, 'for n in range(200): open(str(n), "w").close()');
    expect(done.status).toBe('disk_limit');
    await fixture.dispose();
  });

  it.each([
    ['when they wait', 2],
    ['when one is on its way', 1],
  ])('leave nothing when the server closes %s', async (_when, ready) => {
    const fixture = await create(2);
    await readyKernels(fixture, ready);
    await fixture.provider.close();
    expect(await fixture.leftovers()).toEqual([]);
    await fixture.dispose();
  });

  it('that were killed while they waited are replaced', async () => {
    const fixture = await create(1);
    await readyKernels(fixture, 1);
    for (const pid of kernels()) process.kill(pid, 'SIGKILL');
    await eventually(() => expect(fixture.provider.state()?.pool.ready).toBe(0));
    const session = await acquire(fixture);
    expect(await runCode(session, '"alive"')).toMatchObject({ result: "'alive'", done: { stateLost: false } });
    await readyKernels(fixture, 1);
    await fixture.dispose();
  });
});

function readyKernels({ provider }: SandboxFixture, count: number): Promise<void> {
  return eventually(() => expect(provider.state()?.pool.ready).toBeGreaterThanOrEqual(count));
}

/** The bubblewrap processes that this one has started. */
function kernels(): number[] {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

function ownersOfKernels(): string[] {
  return kernels().flatMap((pid) =>
    readdirSync('/proc').includes(String(pid))
      ? [/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '']
      : [],
  );
}

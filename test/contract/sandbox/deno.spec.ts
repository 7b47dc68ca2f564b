import { DenoProvider } from '@libs/sandbox';
import { findCgroupHome } from '../../../libs/sandbox/src/bubblewrap/cgroup/find-cgroup-home.js';
import { describeWith } from '../../support/requirements.js';
import { createFixture } from './leftovers.js';
import { acquire, runCode, type SandboxFixture } from './sandbox-fixture.js';
import { describeSandboxContract } from './sandbox-provider.contract.js';

const create = (): Promise<SandboxFixture> => createFixture((workspacesRoot) => new DenoProvider({ workspacesRoot }));

describeWith('deno', 'deno', () => {
  describeSandboxContract(
    'deno',
    {
      hasProcesses: false,
      userId: 1000,
      writeToProtocol:
        'import js\nfrom pyodide.ffi import to_js\nwhile junk: junk = junk[js.Deno.stdout.writeSync(to_js(junk)):]',
    },
    create,
  );

  it('lets nothing out, whatever the rules say, and says so', async () => {
    const rules = new Map([['*', { hosts: ['localhost:80'], allowsPrivate: true, maxBytes: 1 }]]);
    const provider = new DenoProvider({
      workspacesRoot: '/nowhere',
      egress: { rules, mayDial: () => true, onRequest: () => undefined },
    });
    expect(provider.state().egress).toMatchObject({ isSupported: false, rules: [{ tenantId: '*' }] });
    await provider.close();
  });

  it('bounds the processor time of an interpreter, which is told, and the next begins anew', async () => {
    const fixture = await createFixture((workspacesRoot) => new DenoProvider({ workspacesRoot, cpuSeconds: 4 }));
    const probe = await fixture.provider.probe();
    // Where the server can make control groups, one processor is all that an interpreter gets.
    expect(probe.ok && probe.enforces).toEqual(expect.arrayContaining(findCgroupHome()?.enforces ?? []));
    const session = await acquire(fixture);
    const { done } = await runCode(session, 'while True: pass', { timeoutMs: 60_000 });
    expect(done).toMatchObject({ status: 'timeout', stateLost: true });
    expect(done.message).toContain('processor time');
    expect((await runCode(session, '"alive"')).result).toBe("'alive'");
    await fixture.dispose();
  }, 90_000);

  it('gives sessions that begin with one memory random numbers of their own', async () => {
    const fixture = await create();
    const draw =
      'import random, tempfile, uuid; (random.random(), uuid.uuid4(), next(tempfile._get_candidate_names()))';
    const sessions = await Promise.all([acquire(fixture), acquire(fixture)]);
    const drawn = await Promise.all(sessions.map(async (session) => (await runCode(session, draw)).result ?? ''));
    const values = drawn.flatMap((result) => result.split(', '));
    expect(new Set(values).size).toBe(6);
    await fixture.dispose();
  });
});

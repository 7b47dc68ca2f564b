import { acquire, content, runCode, type SandboxFixture } from './sandbox-fixture.js';

export function describeLifecycle(fixture: () => SandboxFixture): void {
  describe('a session', () => {
    it('sees nothing of another', async () => {
      const [one, other] = await Promise.all([acquire(fixture()), acquire(fixture())]);
      await one.putFile('secret.txt', content('x'));
      await runCode(one, 'secret = 1');
      expect((await runCode(other, 'import os; os.listdir("/mnt/data")')).result).toBe('[]');
      expect((await runCode(other, 'secret')).stderr).toContain('NameError');
      await Promise.all([one.dispose(), other.dispose()]);
    });

    it('leaves nothing when it ends, even twice and in the middle of a call', async () => {
      const session = await acquire(fixture());
      await session.putFile('a.txt', content('x'));
      expect(await fixture().leftovers()).not.toEqual([]);
      const running = runCode(session, 'import time; time.sleep(60)');
      await new Promise((resolve) => setTimeout(resolve, 200));
      await Promise.all([session.dispose(), session.dispose()]);
      expect((await running).done.status).not.toBe('ok');
      expect(await fixture().leftovers()).toEqual([]);
      await expect(runCode(session, '1')).rejects.toThrow('ended');
      await expect(session.listFiles()).rejects.toThrow('ended');
    });

    it('is found out by a probe that names what it holds', async () => {
      const probe = await fixture().provider.probe();
      expect(probe).toMatchObject({ ok: true });
      expect(probe.ok && probe.python).toMatch(/^3\.\d+\.\d+/);
      expect(probe.ok && probe.enforces).toEqual(
        expect.arrayContaining(['time', 'network', 'output', 'pids', 'memory', 'file_size']),
      );
    });
  });
}

import { acquire, content, readText, runCode, type SandboxFixture } from './sandbox-fixture.js';
import type { SandboxSession } from '@libs/sandbox';

const MAKE_TRAPS = `
import os, socket
os.chdir("/mnt/data")
os.symlink("/etc/passwd", "link")
os.symlink("/etc", "etc")
os.symlink("/proc/self/environ", "environ")
os.mkdir("real")
open("real/inside.txt", "w").write("inside")
os.symlink("real", "alias")
os.symlink("real/inside.txt", "near")
os.mkfifo("fifo")
socket.socket(socket.AF_UNIX).bind("socket")
open(b"bad-\\xff\\xfe.txt", "w").write("bad")
open("bad-\\\\xff\\\\xfe.txt", "w").write("literal")
`;

/** What code leaves behind for the server that opens its files: only where code can make such things at all. */
export function describeHostileFiles(fixture: () => SandboxFixture): void {
  describe('traps among the files', () => {
    let session: SandboxSession;
    let reported: string[];
    beforeAll(async () => {
      session = await acquire(fixture());
      const report = await runCode(session, MAKE_TRAPS);
      expect(report.done.status).toBe('ok');
      reported = report.files.map((file) => file.name).toSorted();
    });
    afterAll(() => session.dispose());

    it('are not reported; only regular files are', () => {
      expect(reported).toEqual(['bad-\\x5cxff\\x5cxfe.txt', 'bad-\\xff\\xfe.txt', 'real/inside.txt']);
    });

    it('keep names apart that differ in bytes only', async () => {
      expect(await readText(session, 'bad-\\xff\\xfe.txt')).toBe('bad');
      expect(await readText(session, 'bad-\\x5cxff\\x5cxfe.txt')).toBe('literal');
    });

    it.each(['link', 'near', 'environ', 'etc/passwd', 'alias/inside.txt', 'fifo', 'socket'])(
      'cannot be opened: %s',
      async (name) => {
        await expect(session.openFile(name)).rejects.toThrow(/workspace|regular file/);
      },
    );

    it('do not lead an input astray', async () => {
      await runCode(
        session,
        'import os\nopen("/mnt/data/victim", "w").write("mine")\nos.symlink("victim", "/mnt/data/x.csv")',
      );
      await session.putFile('x.csv', content('theirs'));
      expect((await runCode(session, '(open("victim").read(), os.path.islink("x.csv"))')).result).toBe(
        "('mine', False)",
      );
      await expect(session.putFile('real', content('x'))).rejects.toThrow('folder');
    });

    it('do not lead an input out of the workspace', async () => {
      await runCode(session, 'import os\nos.symlink("/tmp", "/mnt/data/away")\nos.symlink("/", "/mnt/data/root")');
      await expect(session.putFile('away/x.csv', content('theirs'))).rejects.toThrow('workspace');
      await expect(session.putFile('root/tmp/threadmill-escape.csv', content('theirs'))).rejects.toThrow('workspace');
    });

    it('do not outlive the session, closed folders and deep ones included', async () => {
      const own = await acquire(fixture());
      const code = `
import os
for _ in range(60):
    os.mkdir("d" * 100)
    os.chdir("d" * 100)
os.mkdir("/mnt/data/shut")
open("/mnt/data/shut/x", "w").write("x")
os.chmod("/mnt/data/shut", 0)
`;
      expect((await runCode(own, code)).done.status).toBe('ok');
      await own.dispose();
    });
  });
}

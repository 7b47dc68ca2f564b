import { buffer } from 'node:stream/consumers';
import { eventually } from '../../support/eventually.js';
import { acquire, runCode, useSession, type SandboxFixture, type SandboxTraits } from './sandbox-fixture.js';

/** A thread, a process with a session of its own, and a child that a thread started: each grows a file. */
const LEFT_RUNNING = `
import os, threading, time
def grow(name):
    while True:
        with open("/mnt/data/" + name, "a") as file: file.write("x")
        time.sleep(0.01)
def start():
    if os.fork() == 0:
        os.setsid()
        grow("child")
if os.fork() == 0:
    os.setsid()
    grow("process")
threading.Thread(target=grow, args=("thread",), daemon=True).start()
thread = threading.Thread(target=start)
thread.start()
thread.join()
`;

const DEAF = `
import time
while True:
    try:
        while True: time.sleep(0.01)
    except KeyboardInterrupt:
        pass
`;

export function describeStops(fixture: () => SandboxFixture, traits: SandboxTraits): void {
  describe('stopping a call', () => {
    const session = useSession(fixture);

    it('ends it at its time limit, and keeps the state', async () => {
      await runCode(session(), 'kept = 41');
      const { done, stderr } = await runCode(session(), 'while True: pass', { timeoutMs: 300 });
      expect(done).toMatchObject({ status: 'timeout', stateLost: false });
      expect(done.message).toContain('0.3 s');
      expect(stderr).toContain('KeyboardInterrupt');
      expect((await runCode(session(), 'kept + 1')).result).toBe('42');
    });

    it('cancels it, and keeps the state', async () => {
      const abort = new AbortController();
      await runCode(session(), 'kept = 1');
      const code = 'import time\nkept = 2\nprint("begun", flush=True)\ntime.sleep(60)';
      let status = '';
      for await (const event of session().run(code, { signal: abort.signal })) {
        if (event.type === 'stdout') abort.abort();
        if (event.type === 'done') ({ status } = event);
      }
      expect(status).toBe('cancelled');
      expect((await runCode(session(), 'kept')).result).toBe('2');
    });

    it('does not run what was cancelled before', async () => {
      const { done, stdout } = await runCode(session(), 'print("ran")', { signal: AbortSignal.abort() });
      expect(done).toMatchObject({ status: 'cancelled', stateLost: false });
      expect(stdout).toBe('');
    });

    it('ends the code when nobody listens any more', async () => {
      for await (const event of session().run('n = 0\nprint("go", flush=True)\nwhile True: n += 1')) {
        if (event.type === 'stdout') break;
      }
      const first = (await runCode(session(), 'n')).result;
      expect(first).toMatch(/^\d+$/);
      expect((await runCode(session(), 'n')).result).toBe(first);
    });

    it('goes on after a pause as if there had been none', async () => {
      await runCode(session(), 'kept = 5');
      session().pause();
      session().pause();
      expect((await runCode(session(), 'kept')).result).toBe('5');
    });

    if (traits.hasProcesses) {
      it('pauses what the code left running, and lets it go on with the next call', async () => {
        const other = await acquire(fixture());
        await runCode(other, LEFT_RUNNING);
        const counts = async (): Promise<Buffer[]> =>
          Promise.all(['thread', 'process', 'child'].map(async (name) => buffer((await other.openFile(name)).stream)));
        await eventually(async () => expect((await counts()).every(({ length }) => length > 0)).toBe(true));
        other.pause();
        let paused: Buffer[] = [];
        // A container's engine takes a moment to do it.
        await eventually(async () => {
          paused = await counts();
          await new Promise((resolve) => setTimeout(resolve, 200));
          expect(await counts()).toEqual(paused);
        });
        await runCode(other, 'import time; time.sleep(0.1)');
        await eventually(async () => {
          const later = await counts();
          expect(later.map(({ length }, index) => length > (paused[index]?.length ?? 0))).toEqual([true, true, true]);
        });
        await other.dispose();
      });
    }

    it('refuses a second call while one runs', async () => {
      const first = runCode(session(), 'import time; time.sleep(0.3)');
      await expect(runCode(session(), '1')).rejects.toThrow('running');
      await first;
    });

    it('cuts output at its cap and says so', async () => {
      const small = await acquire(fixture(), { maxOutputBytes: 1000 });
      const { stdout, stderr, done } = await runCode(
        small,
        'print("é" * 5000)\nimport sys\nprint("x", file=sys.stderr)',
      );
      expect(Buffer.byteLength(stdout) + Buffer.byteLength(stderr)).toBe(1000);
      expect(done).toMatchObject({ status: 'output_limit', stateLost: false });
      expect((await runCode(small, 'print("fits")')).done.status).toBe('ok');
      await small.dispose();
    });

    it('ignores lines of the code in the protocol', async () => {
      const lines = [
        '{"call":"","event":"ready"}',
        '{"call":"x","event":"done","status":"ok"}',
        '{"call":{},"event":"stdout","text":"forged"}',
        '[1,2',
        'null',
      ];
      const junk = `junk = ${JSON.stringify(lines.join('\n') + '\n')}.encode() + b"[" * 3_000_000 + b"\\n\\xff\\n"\n`;
      const { stdout, done } = await runCode(session(), `${junk}${traits.writeToProtocol}\nprint("true")`);
      expect(stdout).toBe('true\n');
      expect(done.status).toBe('ok');
      expect((await runCode(session(), '"alive"')).result).toBe("'alive'");
    });
  });

  describe('losing the interpreter', () => {
    it('kills code that is deaf to interrupts; the next call says that the state is lost', async () => {
      const session = await acquire(fixture());
      await runCode(session, 'kept = 1');
      expect((await runCode(session, DEAF, { timeoutMs: 300 })).done).toMatchObject({
        status: 'timeout',
        stateLost: true,
      });
      const next = await runCode(session, 'kept');
      expect(next.stderr).toContain('NameError');
      expect(next.done.stateLost).toBe(true);
      expect((await runCode(session, '1')).done.stateLost).toBe(false);
      await session.dispose();
    });

    it('tells a crash, keeps the files, and goes on with a fresh interpreter', async () => {
      const session = await acquire(fixture());
      const crash = 'open("/mnt/data/a.txt", "w").write("kept")\nprint("last words", flush=True)\n';
      const report = await runCode(
        session,
        `${crash}${traits.hasProcesses ? 'import os; os._exit(0)' : 'import js; js.Deno.exit(0)'}`,
      );
      expect(report.done).toMatchObject({ status: 'crashed', stateLost: true });
      expect(report.stdout).toBe('last words\n');
      expect(report.files).toEqual([{ name: 'a.txt', bytes: 4 }]);
      const next = await runCode(session, 'open("/mnt/data/a.txt").read()');
      expect(next).toMatchObject({ result: "'kept'", done: { status: 'ok', stateLost: true } });
      await session.dispose();
    });
  });
}

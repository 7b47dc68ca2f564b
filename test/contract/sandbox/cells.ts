import { runCode, useSession, type SandboxFixture, type SandboxTraits } from './sandbox-fixture.js';

export function describeCells(fixture: () => SandboxFixture, traits: SandboxTraits): void {
  describe('a cell', () => {
    const session = useSession(fixture);

    it('gives its output and ends well', async () => {
      const report = await runCode(session(), 'print("hello")');
      expect(report).toMatchObject({ stdout: 'hello\n', stderr: '', result: undefined });
      expect(report.done).toEqual({ type: 'done', status: 'ok', stateLost: false });
    });

    it('keeps variables, functions and classes for the next', async () => {
      await runCode(session(), 'import dataclasses\n@dataclasses.dataclass\nclass Point:\n    x: int\np = Point(3)');
      expect((await runCode(session(), 'p')).result).toBe('Point(x=3)');
    });

    it.each([
      ['1 + 1', '2'],
      ['x = 5', undefined],
      ['None', undefined],
      ['"é\\n😀"', "'é\\n😀'"],
      ['for i in range(3): i', undefined],
      ['x = 7\nx * 2', '14'],
      ['x * 3;', undefined],
      ['', undefined],
      ['# only a remark', undefined],
    ])('shows the value of its last expression: %j', async (code, result) => {
      expect((await runCode(session(), code)).result).toBe(result);
    });

    it('shows a traceback of the code alone', async () => {
      const code = 'def fail(n):\n    return 1 / n\n\nfail(0)';
      const { stderr, done } = await runCode(session(), code);
      expect(stderr).toContain('ZeroDivisionError: division by zero');
      expect(stderr).toContain('return 1 / n');
      expect(stderr.match(/File "/g)).toHaveLength(2);
      expect(stderr.match(/File "<cell \d+>"/g)).toHaveLength(2);
      expect(done.status).toBe('error');
      expect(done.stateLost).toBe(false);
    });

    it.each([
      ['a syntax error', 'x = = 1', 'SyntaxError'],
      ['an exception whose text fails', 'class E(Exception):\n  def __str__(self): raise ValueError\nraise E', 'E'],
      ['a value whose text fails', 'class V:\n  def __repr__(self): raise KeyError("no")\nV()', 'KeyError'],
      ['a refused exit', 'import sys; sys.exit("no more")', 'no more'],
      ['endless recursion', 'def f(): f()\nf()', 'RecursionError'],
      ['a cause', 'try:\n  1/0\nexcept Exception as e:\n  raise KeyError("k") from e', 'direct cause'],
    ])('reports %s as an error', async (_title, code, words) => {
      const { stderr, done } = await runCode(session(), code);
      expect(stderr).toContain(words);
      expect(done).toMatchObject({ status: 'error', stateLost: false });
    });

    it('ends well on a plain exit, and lives on', async () => {
      await runCode(session(), 'kept = 1');
      expect((await runCode(session(), 'import sys; sys.exit()')).done.status).toBe('ok');
      expect((await runCode(session(), 'kept')).result).toBe('1');
    });

    it('hands output over while it still runs', async () => {
      const arrived: string[] = [];
      let whenFirstCame: string[] | undefined;
      const code = 'import time\nprint("early")\ntime.sleep(1)\nprint("late")';
      for await (const event of session().run(code)) {
        if (event.type === 'stdout') arrived.push(event.text);
        whenFirstCame ??= [...arrived];
      }
      expect(whenFirstCame).toEqual(['early\n']);
      expect(arrived.join('')).toBe('early\nlate\n');
    });

    it('starts with whole streams, whatever the cell before did to them', async () => {
      await runCode(session(), 'import sys\nsys.stdout.close()\nsys.stderr = None');
      expect((await runCode(session(), 'print("again")')).stdout).toBe('again\n');
    });

    it('keeps apart what is no UTF-8', async () => {
      const { stdout, done } = await runCode(
        session(),
        'import sys\nsys.stdout.buffer.write(b"a\\xffb\\n")\nprint("c\\udc80")',
      );
      expect(stdout).toBe('a\uFFFDb\nc\\udc80\n');
      expect(done.status).toBe('ok');
    });

    it('cannot read input', async () => {
      const { stderr, done } = await runCode(session(), 'input()');
      expect(done.status).toBe('error');
      expect(stderr).toMatch(/EOFError|OSError/);
    });

    if (traits.hasProcesses) {
      it('has its subprocesses heard', async () => {
        const code = 'import subprocess\n_ = subprocess.run("echo out; echo err >&2", shell=True)';
        expect(await runCode(session(), code)).toMatchObject({ stdout: 'out\n', stderr: 'err\n' });
      });

      it('survives a fork that returns into the kernel', async () => {
        await runCode(session(), 'import os\nchild = os.fork()\nif child: os.waitpid(child, 0)');
        expect((await runCode(session(), '"alive"')).result).toBe("'alive'");
      });
    }
  });
}

import { acquire, content, readText, runCode, useSession, type SandboxFixture } from './sandbox-fixture.js';

export function describeFiles(fixture: () => SandboxFixture): void {
  describe('files', () => {
    const session = useSession(fixture);

    it('go in, and are not reported as made by the code', async () => {
      await session().putFile('in.csv', content('a,b\n1,2\n'));
      const report = await runCode(session(), 'open("/mnt/data/in.csv").read()');
      expect(report.result).toBe("'a,b\\n1,2\\n'");
      expect(report.files).toEqual([]);
    });

    it('come out once, with folders in their names', async () => {
      const code =
        'import os\nos.makedirs("charts", exist_ok=True)\nopen("charts/a.txt", "w").write("one")\nopen("b.txt", "w").write("two!")';
      const { files } = await runCode(session(), code);
      expect(files.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
        { name: 'b.txt', bytes: 4 },
        { name: 'charts/a.txt', bytes: 3 },
      ]);
      expect(await readText(session(), 'charts/a.txt')).toBe('one');
      expect((await runCode(session(), '1')).files).toEqual([]);
    });

    it('are reported when the code changes them, inputs too', async () => {
      await session().putFile('in.txt', content('before'));
      const { files } = await runCode(session(), 'open("/mnt/data/in.txt", "w").write("after!")');
      expect(files).toEqual([{ name: 'in.txt', bytes: 6 }]);
      expect(await readText(session(), 'in.txt')).toBe('after!');
    });

    it('can be put in place of one that is there', async () => {
      await session().putFile('twice.txt', content('one'));
      await session().putFile('twice.txt', content('two'));
      expect((await runCode(session(), 'open("/mnt/data/twice.txt").read()')).result).toBe("'two'");
    });

    it('are listed with their sizes', async () => {
      await session().putFile('listed.txt', content('12345'));
      await session().putFile('empty.txt', content(''));
      const list = await session().listFiles();
      expect(list).toContainEqual({ name: 'listed.txt', bytes: 5 });
      expect(list).toContainEqual({ name: 'empty.txt', bytes: 0 });
      expect(await readText(session(), 'empty.txt')).toBe('');
    });

    it.each([
      '',
      '.',
      '..',
      '../x',
      'a/../../x',
      'a//b',
      '/etc/passwd',
      'a\\b',
      'a\0b',
      'a\nb',
      '\u202egnp.exe',
      'x'.repeat(256),
    ])('are refused under the name %j', async (name) => {
      await expect(session().putFile(name, content('x'))).rejects.toThrow('not the name of a file');
    });

    it('come in folders, too', async () => {
      await session().putFile('charts/2024/a.txt', content('deep'));
      expect(await readText(session(), 'charts/2024/a.txt')).toBe('deep');
      expect((await runCode(session(), 'open("/mnt/data/charts/2024/a.txt").read()')).result).toBe("'deep'");
    });

    it.each([
      '',
      '..',
      '../../../etc/passwd',
      '/etc/passwd',
      'a//b',
      'missing.txt',
      '..\\x2fetc',
      '\\x2e\\x2e',
      '\\x2e\\x2e/\\x2e\\x2e/\\x2e\\x2e/\\x2e\\x2e/etc/passwd',
      'listed.txt/../listed.txt',
      'a\\x00',
    ])('cannot be opened as %j', async (name) => {
      await expect(session().openFile(name)).rejects.toThrow(/workspace|regular file/);
    });

    it('cannot be opened if they are folders', async () => {
      await runCode(session(), 'import os; os.makedirs("/mnt/data/folder", exist_ok=True)');
      await expect(session().openFile('folder')).rejects.toThrow('regular file');
    });

    it('carry names that cannot deceive', async () => {
      const own = await acquire(fixture());
      await runCode(
        own,
        'open("/mnt/data/a\\u202egnp.exe", "w").write("x")\nopen("/mnt/data/été <b>.txt", "w").write("y")',
      );
      const names = (await own.listFiles()).map((file) => file.name).toSorted();
      expect(names).toEqual(['a\\xe2\\x80\\xaegnp.exe', 'été <b>.txt']);
      expect(await readText(own, names[0] ?? '')).toBe('x');
      expect(await readText(own, names[1] ?? '')).toBe('y');
      await own.dispose();
    });
  });
}

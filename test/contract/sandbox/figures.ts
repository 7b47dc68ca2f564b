import { runCode, useSession, type SandboxFixture } from './sandbox-fixture.js';

/** What becomes of matplotlib's figures, where that is there. */
export function describeFigures(fixture: () => SandboxFixture): void {
  describe('figures', () => {
    const session = useSession(fixture);

    it('that are left open come out as pictures, unless the code saved them', async () => {
      const open = await runCode(session(), 'import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])\nplt.show()');
      expect(open).toMatchObject({ images: ['figure-1.png'], files: [{ name: 'figure-1.png' }], stderr: '' });
      const { stream } = await session().openFile('figure-1.png');
      let first: Buffer | undefined;
      for await (const chunk of stream) first ??= Buffer.from(chunk);
      expect(first?.subarray(1, 4).toString()).toBe('PNG');
      const saved = await runCode(session(), 'plt.plot([2, 1])\nplt.savefig("/mnt/data/own.png")\nplt.show()');
      expect(saved.images).toEqual([]);
      expect(saved.files.map((file) => file.name)).toEqual(['own.png']);
      expect((await runCode(session(), 'plt.get_fignums()')).result).toBe('[]');
    });
  });
}

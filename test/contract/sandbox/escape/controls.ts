import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FAMILIES } from './programs/index.js';
import { withPrologue } from './prologue.js';
import { World } from './world.js';

/** Programs that do no harm run without a sandbox: that they are caught then shows that they would be. */
export function describeControls(): void {
  describe('without a sandbox', () => {
    let world: World;
    beforeAll(async () => {
      world = await World.create();
    });
    afterAll(() => world.dispose());

    const controls = FAMILIES.flatMap(({ programs }) => programs.filter(({ isControl }) => isControl));
    it.each(controls.map(({ name, code }) => [name, code]))('a program %s, and is noticed', async (_name, code) => {
      await world.forgetDamage();
      const { stdout } = await promisify(execFile)(
        '/usr/bin/python3',
        ['-I', '-c', withPrologue(code, world.targets())],
        { env: { ...process.env }, maxBuffer: 2 ** 24 },
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(world.damage(stdout)).not.toEqual([]);
    });

    it('a quiet program is not', () => {
      expect(world.damage('TRIED')).toEqual([]);
    });
  });
}

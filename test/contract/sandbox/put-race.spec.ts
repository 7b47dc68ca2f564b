import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BubblewrapProvider } from '@libs/sandbox';
import { describeWith } from '../../support/requirements.js';
import { createFixture } from './leftovers.js';
import { acquire, content, runCode, type SandboxFixture } from './sandbox-fixture.js';

const PUTS = 400;

/** A process that a call leaves behind, which puts a symlink in place of every folder that the host makes. */
function swapFoldersFor(target: string): string {
  return `
import os
if os.fork() == 0:
    n = 0
    while True:
        try:
            os.rmdir(f"/mnt/data/f{n}")
            os.symlink(${JSON.stringify(target)}, f"/mnt/data/f{n}")
            n += 1
        except FileNotFoundError: pass
        except OSError: n += 1
`;
}

describeWith('bubblewrap', 'files put while code swaps folders for symlinks', () => {
  let fixture: SandboxFixture;
  const folder = mkdtempSync(join(tmpdir(), 'threadmill-canary-'));
  beforeAll(async () => {
    fixture = await createFixture(
      (workspacesRoot) => new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3' }),
    );
  });
  afterAll(async () => {
    await fixture.dispose();
    rmSync(folder, { recursive: true });
  });

  it('never give a file of the host to the code', async () => {
    const canary = join(folder, 'canary');
    writeFileSync(canary, 'x');
    const session = await acquire(fixture);
    await runCode(session, swapFoldersFor(canary));
    let refused = 0;
    for (let put = 0; put < PUTS; put += 1) {
      await session.putFile(`f${put}/x`, content('x')).catch(() => (refused += 1));
    }
    expect(statSync(canary).uid).toBe(process.getuid?.());
    // The race was really run.
    expect(refused).toBeGreaterThan(0);
  });
});

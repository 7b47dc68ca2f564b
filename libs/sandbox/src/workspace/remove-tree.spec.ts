import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from './remove-tree.js';

describe('removeTree', () => {
  it('removes what code may leave, and nothing that it points to', async () => {
    const root = await mkdtemp(join(tmpdir(), 'threadmill-remove-'));
    const outside = await mkdtemp(join(tmpdir(), 'threadmill-outside-'));
    writeFileSync(join(outside, 'kept'), 'x');
    symlinkSync(outside, join(root, 'link'));
    symlinkSync('/nowhere', join(root, 'dangling'));
    mkdirSync(join(root, 'shut/inner/below'), { recursive: true });
    writeFileSync(join(root, 'shut/inner/file'), 'x');
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0x0a])]), 'x');
    symlinkSync(outside, join(root, 'shut/link'));
    chmodSync(join(root, 'shut/inner'), 0);
    chmodSync(join(root, 'shut'), 0);
    await removeTree(root);
    expect(existsSync(root)).toBe(false);
    expect(existsSync(join(outside, 'kept'))).toBe(true);
    await removeTree(outside);
  });

  it('is content with what is not there', async () => {
    await expect(removeTree(join(tmpdir(), 'threadmill-never-made'))).resolves.toBeUndefined();
  });
});

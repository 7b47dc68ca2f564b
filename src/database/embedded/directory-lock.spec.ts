import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryLockedError, lockDirectory } from './directory-lock.js';

describe('lockDirectory', () => {
  let parent: string;
  let directory: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'threadmill-lock-'));
    directory = join(parent, 'data');
    await mkdir(directory);
  });

  afterEach(() => rm(parent, { recursive: true, force: true }));

  it('refuses a second holder until the first lets go', async () => {
    const lock = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toThrow(DirectoryLockedError);
    await expect(lockDirectory(directory)).rejects.toThrow(directory);
    await lock.release();
    const next = await lockDirectory(directory);
    await next.release();
    expect(existsSync(join(directory, 'database.lock'))).toBe(false);
  });

  it('knows the directory by any of its paths', async () => {
    const link = join(parent, 'link');
    await symlink(directory, link);
    const lock = await lockDirectory(directory);
    await expect(lockDirectory(link)).rejects.toThrow(DirectoryLockedError);
    await lock.release();
  });

  it('gives a lock to exactly one of many who ask at once', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => lockDirectory(directory)));
    const winners = answers.filter((answer) => answer.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    await winners[0]?.value.release();
  });

  it('keeps directories apart', async () => {
    const second = join(parent, 'second');
    await mkdir(second);
    const locks = [await lockDirectory(directory), await lockDirectory(second)];
    for (const lock of locks) await lock.release();
  });

  // The doorbell alone: as seen from a container that shares the volume but not the network namespace.
  it('refuses when only the doorbell answers', async () => {
    const owner = await listenInAnotherProcess(join(directory, 'database.lock'));
    await expect(lockDirectory(directory)).rejects.toThrow(DirectoryLockedError);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(existsSync(join(directory, 'database.lock'))).toBe(true);
    const lock = await lockDirectory(directory);
    await lock.release();
  });

  it('takes over a lock that is only a file', async () => {
    await writeFile(join(directory, 'database.lock'), '12345');
    const lock = await lockDirectory(directory);
    await lock.release();
  });
});

async function listenInAnotherProcess(path: string): Promise<ReturnType<typeof spawn>> {
  const program = `require('node:net').createServer().listen(process.argv[1], () => console.log('listening'))`;
  const child = spawn(process.execPath, ['-e', program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

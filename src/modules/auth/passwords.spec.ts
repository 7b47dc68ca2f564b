import { performance } from 'node:perf_hooks';
import { Passwords } from './passwords.js';

describe('Passwords', () => {
  const passwords = new Passwords();

  it('knows a password by its argon2id hash', async () => {
    const hash = await passwords.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify(hash, 'correct horse')).toBe(true);
    expect(await passwords.verify(hash, 'Correct horse')).toBe(false);
    expect(await passwords.hash('correct horse')).not.toBe(hash);
  });

  it('refuses an unknown user only after the work of a check', async () => {
    const hash = await passwords.hash('correct horse');
    const cpuOf = async (passwordHash: string | undefined): Promise<number> => {
      const before = process.cpuUsage();
      for (let round = 0; round < 5; round += 1) expect(await passwords.verify(passwordHash, 'guess')).toBe(false);
      return process.cpuUsage(before).user;
    };
    await cpuOf(undefined);
    const [known, unknown] = [await cpuOf(hash), await cpuOf(undefined)];
    expect(unknown).toBeGreaterThan(known / 5);
  });

  it('leaves the event loop free', async () => {
    const work = passwords.hash('a').then(() => performance.now());
    const turn = new Promise<number>((resolve) => setImmediate(() => resolve(performance.now())));
    expect(await turn).toBeLessThan(await work);
  });
});

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../../support/requirements.js';
import { DEFAULT_SANDBOX_LIMITS } from '../../../libs/sandbox/src/ports/sandbox-provider.js';
import { ownerName } from '../../../libs/sandbox/src/workspace/owner.js';
import { Rooms } from '../../../libs/sandbox/src/workspace/rooms.js';
import { createTmpfsRoom } from '../../../libs/sandbox/src/workspace/tmpfs-room.js';

const ROOMS = 12;
/** Of this machine, and of no process. */
const DEAD = `${ownerName().split('.', 1)[0] ?? ''}.999999999.1`;

describeWith('bubblewrap', 'what a dead server left mounted', () => {
  it('is removed by servers that start at once', async () => {
    const root = await mkdtemp(join(tmpdir(), 'threadmill-rooms-'));
    for (let room = 0; room < ROOMS; room += 1) {
      await createTmpfsRoom(join(root, DEAD, String(room)), undefined, DEFAULT_SANDBOX_LIMITS);
    }
    await Promise.all([1, 2, 3].map(() => new Rooms(root, true).reap(() => undefined)));
    expect(await readdir(root)).toEqual([]);
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(root);
    await rm(root, { recursive: true });
  });
});

import { abandonedMounts } from './abandoned-mounts.js';
import { ownerName } from './owner.js';

const [, pid = ''] = /\.(\d+)\./.exec(ownerName()) ?? [];
const DEAD = ownerName().replace(`.${pid}.`, '.4194304.');
const ROOM = '0123456789abcdef01234567';

describe('abandonedMounts', () => {
  it.each([
    ['of a dead server', `tmpfs /data/workspaces/${DEAD}/${ROOM} tmpfs rw 0 0`, [`/data/workspaces/${DEAD}/${ROOM}`]],
    ['below a folder with a blank', `tmpfs /my\\040data/${DEAD}/${ROOM} tmpfs rw 0 0`, [`/my data/${DEAD}/${ROOM}`]],
    ['of this server', `tmpfs /data/${ownerName()}/${ROOM} tmpfs rw 0 0`, []],
    ['of another machine', `tmpfs /data/elsewhere${DEAD}/${ROOM} tmpfs rw 0 0`, []],
    ['of another kind', `/dev/sda1 /data/${DEAD}/${ROOM} ext4 rw 0 0`, []],
    ['that are no rooms', `tmpfs /run tmpfs rw 0 0\ntmpfs /data/${DEAD}/other tmpfs rw 0 0\n\n`, []],
  ])('%s', (_name, text, expected) => {
    expect(abandonedMounts(text)).toEqual(expected);
  });
});

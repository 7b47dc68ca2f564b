import { commandLine, confinementArguments } from './arguments.js';

const PLAN = {
  rootFolders: [
    { path: '/bin', target: 'usr/bin' },
    { path: '/lib64', target: undefined },
  ],
  pythonFolders: ['/opt/python'],
  data: '/host/room/data',
  scratch: '/host/room/scratch',
};

describe('confinementArguments', () => {
  const given = confinementArguments(PLAN);
  const text = given.join(' ');

  it.each(['user', 'pid', 'net', 'ipc', 'uts'])('asks for a %s namespace', (name) => {
    expect(given).toContain(`--unshare-${name}`);
  });

  it.each(['--die-with-parent', '--new-session', '--clearenv', '--cap-drop ALL', '--seccomp 5', '--remount-ro /'])(
    'asks for %s',
    (words) => {
      expect(text).toContain(words);
    },
  );

  it('lets write to the room alone', () => {
    const writable = given.flatMap((word, at) => (word === '--bind' ? [`${given[at + 1]} ${given[at + 2]}`] : []));
    expect(writable).toEqual(['/host/room/scratch /tmp', '/host/room/scratch /dev/shm', '/host/room/data /mnt/data']);
  });

  it('shows of /etc nothing that tells of users or hosts', () => {
    expect(given).not.toContain('/etc');
    expect(text).not.toMatch(/passwd|shadow|hosts|resolv/);
  });

  it('leads out through a socket alone, and only where there is one', () => {
    expect(text).not.toMatch(/proxy|egress|ssl/);
    const way = confinementArguments({ ...PLAN, proxySocket: '/host/room/egress.sock' });
    expect(way.join(' ')).toContain('--ro-bind /host/room/egress.sock /run/egress.sock');
    expect(way.join(' ')).toContain('--setenv https_proxy http://127.0.0.1:3128');
    expect(way).toContain('--unshare-net');
  });

  it('makes links links, and folders read-only', () => {
    expect(text).toContain('--symlink usr/bin /bin');
    expect(text).toContain('--ro-bind /lib64 /lib64');
    expect(text).toContain('--ro-bind /opt/python /opt/python');
  });

  it('keeps host paths out of the command line that the code can read', () => {
    expect(commandLine('/usr/bin/python3').join(' ')).toBe('--args 4 -- /usr/bin/python3 -I -B /run/kernel.pyc');
  });
});

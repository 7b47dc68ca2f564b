import { findCgroupPlaces } from './mounts.js';

const V1_MOUNTS = `30 24 0:26 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
31 24 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:5 - cgroup cgroup rw,cpu,cpuacct
32 24 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`;

describe('findCgroupPlaces', () => {
  it('finds version 1 and a version 2 beside it', () => {
    const places = findCgroupPlaces(V1_MOUNTS, '4:memory:/service/a\n2:cpu,cpuacct:/\n0::/session');
    expect(places.v1.get('memory')).toBe('/sys/fs/cgroup/memory/service/a');
    expect(places.v1.get('cpu')).toBe('/sys/fs/cgroup/cpu,cpuacct');
    expect(places.v1.get('pids')).toBeUndefined();
    expect(places.v2).toEqual({ mount: '/sys/fs/cgroup/unified', own: '/sys/fs/cgroup/unified/session' });
  });

  it('takes paths relative to the part that a container sees', () => {
    const mounts = '40 30 0:26 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory';
    expect(findCgroupPlaces(mounts, '4:memory:/docker/abc/child').v1.get('memory')).toBe('/sys/fs/cgroup/memory/child');
    expect(findCgroupPlaces(mounts, '4:memory:/elsewhere').v1.get('memory')).toBe('/sys/fs/cgroup/memory');
  });

  it('finds version 2 alone', () => {
    const places = findCgroupPlaces(
      '30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate',
      '0::/system.slice/x',
    );
    expect(places).toEqual({ v1: new Map(), v2: { mount: '/sys/fs/cgroup', own: '/sys/fs/cgroup/system.slice/x' } });
  });

  it('finds nothing where there is nothing', () => {
    expect(findCgroupPlaces('', '')).toEqual({ v1: new Map(), v2: undefined });
  });
});

import { DEFAULT_SANDBOX_LIMITS } from '../ports/sandbox-provider.js';
import { containerOptions, MASKED, type ContainerPlan } from './container-options.js';

const PLAN: ContainerPlan = {
  image: 'image',
  runtime: undefined,
  isPodman: false,
  relay: 'main()',
  owner: 'host.1.2',
  user: { uid: 1_900_000_001, gid: 1_900_000_001 },
  isOwnUser: true,
  data: '/host/room/data',
  scratch: '/host/room/scratch',
  limits: { ...DEFAULT_SANDBOX_LIMITS, memoryBytes: 100 * 2 ** 20, maxProcesses: 20 },
  filesInMemoryBytes: 10 * 2 ** 20,
};

describe('containerOptions', () => {
  const { HostConfig: host = {}, ...options } = containerOptions(PLAN);

  it('asks for no network, no rights, no writable system and another user', () => {
    expect(options).toMatchObject({ NetworkDisabled: true, User: '1900000001:1900000001' });
    expect(host).toMatchObject({ NetworkMode: 'none', CapDrop: ['ALL'], ReadonlyRootfs: true, IpcMode: 'private' });
    expect(host.SecurityOpt).toEqual(['no-new-privileges']);
    expect(host).not.toHaveProperty('Privileged');
    expect(host.MaskedPaths).toEqual(MASKED);
  });

  it('bounds memory with the files that are memory, without swap, and processes, processor and log', () => {
    const memory = (100 + 10 + 32) * 2 ** 20;
    expect(host).toMatchObject({ Memory: memory, MemorySwap: memory, PidsLimit: 22, NanoCpus: 1e9 });
    expect(host.LogConfig).toMatchObject({ Type: 'none' });
  });

  it('shows the room alone', () => {
    expect(host).not.toHaveProperty('Binds');
    expect(host.Mounts?.map(({ Source, Target }) => `${Source} ${Target}`)).toEqual([
      '/host/room/data /mnt/data',
      '/host/room/scratch /tmp',
      '/host/room/scratch /dev/shm',
    ]);
  });

  it('counts processes by user only where nobody shares the user', () => {
    const limitOf = (isOwnUser: boolean): number | undefined =>
      containerOptions({ ...PLAN, isOwnUser }).HostConfig?.Ulimits?.find(({ Name }) => Name === 'nproc')?.Hard;
    expect([limitOf(true), limitOf(false)]).toEqual([22, 4096]);
  });

  it('names a runtime only if one is chosen, and hides in the way of podman', () => {
    expect(host).not.toHaveProperty('Runtime');
    const { HostConfig } = containerOptions({ ...PLAN, runtime: 'runsc', isPodman: true });
    expect(HostConfig).toMatchObject({ Runtime: 'runsc' });
    expect(HostConfig?.SecurityOpt).toEqual(['no-new-privileges', `mask=${MASKED.join(':')}`]);
  });
});

import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnforcedLimit } from '../../ports/sandbox-provider.js';
import { CPU_PERIOD_MICROSECONDS, CPU_QUOTA_MICROSECONDS, OWN_PROCESSES } from './cgroup.js';
import type { Cgroup, CgroupHome, CgroupLimits } from './cgroup.js';
import { deadGroups, killMembers, newGroupName, readCounter, removeGroup } from './group-directory.js';

const CONTROLLERS = ['memory', 'pids', 'cpu'] as const;
type Controller = (typeof CONTROLLERS)[number];

/**
 * Control groups of version 1, below the server's own group in each hierarchy.
 * @param own The server's group by controller.
 * @returns undefined if none of them can be written.
 */
export function cgroupV1Home(own: ReadonlyMap<string, string>): CgroupHome | undefined {
  const usable = CONTROLLERS.flatMap((controller) => {
    const directory = own.get(controller);
    return directory !== undefined && canMakeGroup(directory) ? [{ controller, directory }] : [];
  });
  if (usable.length === 0) return undefined;
  return {
    enforces: usable.map(({ controller }): EnforcedLimit => controller),
    create: (limits) => createGroup(usable, limits),
    reap: async () => {
      for (const group of usable.flatMap(({ directory }) => deadGroups(directory))) await removeGroup(group);
    },
  };
}

function createGroup(parents: { controller: Controller; directory: string }[], limits: CgroupLimits): Cgroup {
  const name = newGroupName();
  const groups = parents.map(({ controller, directory }) => ({ controller, directory: join(directory, name) }));
  for (const { controller, directory } of groups) {
    mkdirSync(directory);
    for (const [file, value] of settings(controller, limits)) writeFileSync(join(directory, file), String(value));
    const withSwap = join(directory, 'memory.memsw.limit_in_bytes');
    if (existsSync(withSwap)) writeFileSync(withSwap, String(limits.totalMemoryBytes));
  }
  const memory = groups.find(({ controller }) => controller === 'memory')?.directory;
  return {
    add: (pid) => groups.forEach(({ directory }) => writeFileSync(join(directory, 'cgroup.procs'), String(pid))),
    oomKills: () => (memory === undefined ? 0 : readCounter(join(memory, 'memory.oom_control'), 'oom_kill')),
    killAll: () => groups.forEach(({ directory }) => killMembers(directory)),
    remove: async () => {
      for (const { directory } of groups) await removeGroup(directory);
    },
  };
}

function settings(controller: Controller, limits: CgroupLimits): [file: string, value: number][] {
  switch (controller) {
    case 'memory':
      return [['memory.limit_in_bytes', limits.totalMemoryBytes]];
    case 'pids':
      return [['pids.max', limits.maxProcesses + OWN_PROCESSES]];
    case 'cpu':
      return [
        ['cpu.cfs_period_us', CPU_PERIOD_MICROSECONDS],
        ['cpu.cfs_quota_us', CPU_QUOTA_MICROSECONDS],
      ];
  }
}

function canMakeGroup(directory: string): boolean {
  try {
    const trial = join(directory, newGroupName());
    mkdirSync(trial);
    rmdirSync(trial);
    return true;
  } catch {
    return false;
  }
}

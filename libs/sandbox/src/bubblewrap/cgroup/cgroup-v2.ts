import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnforcedLimit } from '../../ports/sandbox-provider.js';
import { CPU_PERIOD_MICROSECONDS, CPU_QUOTA_MICROSECONDS, OWN_PROCESSES } from './cgroup.js';
import type { Cgroup, CgroupHome, CgroupLimits } from './cgroup.js';
import { deadGroups, killMembers, newGroupName, readCounter, removeGroup } from './group-directory.js';

/** The file through which each controller is set. */
const CONTROLLERS = { memory: 'memory.max', pids: 'pids.max', cpu: 'cpu.max' } as const;
type Controller = keyof typeof CONTROLLERS;

/**
 * Control groups of version 2. A group that holds processes cannot hand controllers down, except the root: the first
 * of the candidates that can is taken.
 */
export function cgroupV2Home(candidates: readonly string[]): CgroupHome | undefined {
  for (const parent of candidates) {
    const enforces = usableControllers(parent);
    if (enforces.length > 0) {
      return {
        enforces,
        create: (limits) => createGroup(parent, enforces, limits),
        reap: async () => {
          for (const group of deadGroups(parent)) await removeGroup(group);
        },
      };
    }
  }
  return undefined;
}

function usableControllers(parent: string): (Controller & EnforcedLimit)[] {
  try {
    const offered = readFileSync(join(parent, 'cgroup.controllers'), 'utf8').trim().split(/\s+/);
    for (const controller of offered.filter((name) => name in CONTROLLERS)) handDown(parent, controller);
    const trial = join(parent, newGroupName());
    mkdirSync(trial);
    const usable = (Object.keys(CONTROLLERS) as Controller[]).filter((name) =>
      existsSync(join(trial, CONTROLLERS[name])),
    );
    rmdirSync(trial);
    return usable;
  } catch {
    return [];
  }
}

function handDown(parent: string, controller: string): void {
  try {
    writeFileSync(join(parent, 'cgroup.subtree_control'), `+${controller}`);
  } catch {
    // The trial group shows what is usable.
  }
}

function createGroup(parent: string, controllers: readonly Controller[], limits: CgroupLimits): Cgroup {
  const directory = join(parent, newGroupName());
  mkdirSync(directory);
  const values: Record<Controller, string> = {
    memory: String(limits.totalMemoryBytes),
    pids: String(limits.maxProcesses + OWN_PROCESSES),
    cpu: `${CPU_QUOTA_MICROSECONDS} ${CPU_PERIOD_MICROSECONDS}`,
  };
  for (const name of controllers) writeFileSync(join(directory, CONTROLLERS[name]), values[name]);
  const swap = join(directory, 'memory.swap.max');
  if (existsSync(swap)) writeFileSync(swap, '0');
  return {
    add: (pid) => writeFileSync(join(directory, 'cgroup.procs'), String(pid)),
    oomKills: () => readCounter(join(directory, 'memory.events'), 'oom_kill'),
    killAll: () => killMembers(directory),
    remove: () => removeGroup(directory),
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCounter } from '../bubblewrap/cgroup/group-directory.js';
import { findCgroupPlaces } from '../bubblewrap/cgroup/mounts.js';

/**
 * Counts the processes that the system killed in a container for want of memory. The engine itself tells only of a
 * container's first process, which is ours and small.
 * @param pid The container's first process, as this machine numbers it.
 * @returns undefined where the container's control group cannot be seen from here.
 */
export function memoryGroupOf(containerId: string, pid: number): (() => number) | undefined {
  try {
    const membership = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
    // An engine in a virtual machine counts other processes than this system.
    if (!membership.includes(containerId)) return undefined;
    const { v1, v2 } = findCgroupPlaces(readFileSync('/proc/self/mountinfo', 'utf8'), membership);
    const group = v1.get('memory');
    if (group !== undefined) return () => readCounter(join(group, 'memory.oom_control'), 'oom_kill');
    return v2 === undefined ? undefined : () => readCounter(join(v2.own, 'memory.events'), 'oom_kill');
  } catch {
    return undefined;
  }
}

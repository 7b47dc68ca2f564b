import { readFileSync } from 'node:fs';
import type { CgroupHome } from './cgroup.js';
import { cgroupV1Home } from './cgroup-v1.js';
import { cgroupV2Home } from './cgroup-v2.js';
import { findCgroupPlaces } from './mounts.js';

/** Where this process may make control groups; undefined if nowhere. */
export function findCgroupHome(): CgroupHome | undefined {
  try {
    const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8');
    const { v1, v2 } = findCgroupPlaces(mountinfo, readFileSync('/proc/self/cgroup', 'utf8'));
    return (v2 && cgroupV2Home([v2.mount, v2.own])) ?? cgroupV1Home(v1);
  } catch {
    return undefined;
  }
}

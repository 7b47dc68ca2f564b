import type { EnforcedLimit, SandboxLimits } from '../../ports/sandbox-provider.js';

/** The control group of one kernel and everything it starts. */
export interface Cgroup {
  /** Moves a process in; what it starts afterwards is born inside. */
  add(pid: number): void;
  /** How many processes the system killed for want of memory. */
  oomKills(): number;
  killAll(): void;
  /** Removes the group once its processes are gone. */
  remove(): Promise<void>;
}

/** Where control groups can be made on this machine. */
export interface CgroupHome {
  readonly enforces: readonly EnforcedLimit[];
  create(limits: CgroupLimits): Cgroup;
  /** Kills and removes the groups of dead owners. */
  reap(): Promise<void>;
}

export interface CgroupLimits extends Pick<SandboxLimits, 'maxProcesses'> {
  /** Of processes and of the files they keep in memory. */
  totalMemoryBytes: number;
}

/** One processor's worth of time. */
export const CPU_QUOTA_MICROSECONDS = 100_000;
export const CPU_PERIOD_MICROSECONDS = 100_000;

/** bubblewrap outside, its reaper inside, and the interpreter. */
export const OWN_PROCESSES = 3;

import type { ContainerCreateOptions } from 'dockerode';
import { PROXY_SOCKET } from '../kernel/environment.js';
import type { SandboxLimits } from '../ports/sandbox-provider.js';

/** Marks every container of ours, and whose it is. */
export const LABEL = { owner: 'io.threadmill.sandbox.owner' } as const;

export interface ContainerPlan {
  image: string;
  /** OCI runtime such as `runsc`; undefined for the engine's own choice. */
  runtime: string | undefined;
  /** podman takes masks by another name. */
  isPodman: boolean;
  relay: string;
  owner: string;
  user: { uid: number; gid: number };
  /** Whether nobody else is that user, so that the system may count its processes too. */
  isOwnUser: boolean;
  data: string;
  scratch: string;
  /** Path of the session's way out, where it has one. */
  proxySocket?: string | undefined;
  limits: SandboxLimits;
  /** What the workspace's files may take of the container's memory: all, where they are a tmpfs. */
  filesInMemoryBytes: number;
}

/** The relay and its threads, beside the kernel and what that starts. */
const OWN_PROCESSES = 2;
const OWN_MEMORY_BYTES = 32 * 1024 * 1024;
const ONE_PROCESSOR = 1e9;
const MAX_DESCRIPTORS = 256;
/** For a user whom others share. Something has to be said: podman asks else for more than some systems allow. */
const MOST_SHARED_PROCESSES = 4096;

/**
 * Hidden from the code: what engines hide by themselves (their list is replaced, not added to), the machine's
 * hardware, and the files in which they tell names, hosts and name servers of the machine.
 */
export const MASKED = [
  ...['/proc/acpi', '/proc/asound', '/proc/interrupts', '/proc/kcore', '/proc/keys', '/proc/latency_stats'],
  ...['/proc/sched_debug', '/proc/scsi', '/proc/timer_list', '/proc/timer_stats', '/sys'],
  ...['/etc/passwd', '/etc/group', '/etc/shadow', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf'],
  ...['/etc/machine-id', '/etc/environment', '/etc/fstab', '/etc/mtab', '/home', '/root', '/srv', '/var'],
];

/** What the engine is asked for. Whatever it leaves out of it the relay notices, and ends. */
export function containerOptions(plan: ContainerPlan): ContainerCreateOptions {
  const maxProcesses = plan.limits.maxProcesses + (plan.proxySocket === undefined ? 0 : 1);
  const processes = plan.isOwnUser ? maxProcesses + OWN_PROCESSES : MOST_SHARED_PROCESSES;
  const memory = plan.limits.memoryBytes + plan.filesInMemoryBytes + OWN_MEMORY_BYTES;
  return {
    Image: plan.image,
    Entrypoint: ['python3', '-I', '-S', '-B', '-c', plan.relay],
    Cmd: [],
    User: `${plan.user.uid}:${plan.user.gid}`,
    WorkingDir: '/mnt/data',
    Hostname: 'sandbox',
    Labels: { [LABEL.owner]: plan.owner },
    ...{ OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: false },
    NetworkDisabled: true,
    HostConfig: {
      ...(plan.runtime === undefined ? {} : { Runtime: plan.runtime }),
      NetworkMode: 'none',
      IpcMode: 'private',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      // The engine's own filter of system calls stays on: nothing here says `seccomp=unconfined`.
      SecurityOpt: ['no-new-privileges', ...(plan.isPodman ? [`mask=${MASKED.join(':')}`] : [])],
      ...(plan.isPodman ? {} : { MaskedPaths: MASKED }),
      // Not `Binds`: for those an engine on another machine would make empty folders instead of refusing.
      Mounts: [
        { Type: 'bind', Source: plan.data, Target: '/mnt/data' },
        { Type: 'bind', Source: plan.scratch, Target: '/tmp' },
        { Type: 'bind', Source: plan.scratch, Target: '/dev/shm' },
        ...(plan.proxySocket === undefined
          ? []
          : [{ Type: 'bind' as const, Source: plan.proxySocket, Target: PROXY_SOCKET, ReadOnly: true }]),
      ],
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: maxProcesses + OWN_PROCESSES,
      NanoCpus: ONE_PROCESSOR,
      Ulimits: [
        { Name: 'nofile', Soft: MAX_DESCRIPTORS, Hard: MAX_DESCRIPTORS },
        { Name: 'nproc', Soft: processes, Hard: processes },
        { Name: 'core', Soft: 0, Hard: 0 },
      ],
      // Output is the session's: an engine's log of it would fill the engine's disk.
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
    },
  };
}

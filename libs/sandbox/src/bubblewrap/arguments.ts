import { EGRESS_ENVIRONMENT, KERNEL_ENVIRONMENT, PROXY_SOCKET } from '../kernel/environment.js';

/** Descriptors of the confined process, by what bubblewrap and the kernel use them for. */
export const DESCRIPTOR = { control: 3, arguments: 4, seccomp: 5, info: 6, kernel: 7 } as const;

const KERNEL_PATH = '/run/kernel.pyc';

/**
 * Of /etc only what the dynamic linker, fonts, time zones and libraries chosen by `update-alternatives` need.
 * Nothing that names users, hosts or secrets.
 */
const SYSTEM_FILES = [
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/etc/fonts',
  '/etc/localtime',
  '/etc/mime.types',
  '/etc/matplotlibrc',
];

const SYSTEM_FOLDERS = ['/usr/bin', '/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/share', '/usr/local/lib'];

export interface ConfinementPlan {
  /** /bin, /lib, /lib64 and the like, as they are on the host: a link's target, or undefined for a real folder. */
  rootFolders: readonly { path: string; target: string | undefined }[];
  /** Folders that the interpreter needs and that lie outside the system's. */
  pythonFolders: readonly string[];
  data: string;
  scratch: string;
  /** Path of the session's way out, where it has one. */
  proxySocket?: string | undefined;
}

/** What TLS needs to know servers by; nothing secret. */
const CERTIFICATES = [
  ...['/etc/ssl/certs', '/etc/ssl/openssl.cnf', '/usr/local/share/ca-certificates'],
  ...['/etc/pki/tls/certs', '/etc/pki/tls/cert.pem', '/etc/pki/ca-trust/extracted'],
];

/** bubblewrap's arguments, passed over a descriptor so that no host path shows in /proc/1/cmdline. */
export function confinementArguments(plan: ConfinementPlan): string[] {
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...['--uid', '1000', '--gid', '1000', '--hostname', 'sandbox'],
    ...SYSTEM_FOLDERS.flatMap((path) => ['--ro-bind-try', path, path]),
    ...plan.rootFolders.flatMap(({ path, target }) =>
      target === undefined ? ['--ro-bind', path, path] : ['--symlink', target, path],
    ),
    ...SYSTEM_FILES.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--proc', '/proc', '--dev', '/dev'],
    // Both on the workspace's own storage: a tmpfs of their own would hold memory that no limit counts.
    ...['--bind', plan.scratch, '/tmp', '--bind', plan.scratch, '/dev/shm', '--remount-ro', '/dev'],
    // After /tmp, where a virtual environment may lie.
    ...plan.pythonFolders.flatMap((path) => ['--ro-bind', path, path]),
    ...['--bind', plan.data, '/mnt/data', '--chdir', '/mnt/data'],
    ...(plan.proxySocket === undefined ? [] : wayOut(plan.proxySocket)),
    ...['--ro-bind-data', String(DESCRIPTOR.kernel), KERNEL_PATH, '--remount-ro', '/'],
    ...Object.entries(KERNEL_ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--seccomp', String(DESCRIPTOR.seccomp), '--info-fd', String(DESCRIPTOR.info)],
  ];
}

/** The namespace has no interface but its own loopback all the same: only the socket leads out. */
function wayOut(proxySocket: string): string[] {
  return [
    ...['--ro-bind', proxySocket, PROXY_SOCKET],
    ...CERTIFICATES.flatMap((path) => ['--ro-bind-try', path, path]),
    ...Object.entries(EGRESS_ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

/** What the confined process shows as its own command line: bubblewrap takes the program from nowhere else. */
export function commandLine(python: string): string[] {
  return ['--args', String(DESCRIPTOR.arguments), '--', python, '-I', '-B', KERNEL_PATH];
}

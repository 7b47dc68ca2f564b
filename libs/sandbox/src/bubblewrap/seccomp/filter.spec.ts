import { ALLOW, failWith, KILL, type Instruction } from './bpf.js';
import { filterProgram, isKnownArchitecture, seccompFilter, type Architecture } from './filter.js';

const AUDIT = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
const EPERM = failWith(1);
const ENOSYS = failWith(38);
const EAFNOSUPPORT = failWith(97);

/** Runs a program as the system does (seccomp(2)): loads, jumps and returns are all it has. */
function evaluate(
  program: readonly Instruction[],
  audit: number,
  call: number,
  [first = 0, second = 0, third = 0]: readonly number[] = [],
): number {
  const words = new Map([
    [0, call],
    [4, audit],
    [16, first],
    [24, second],
    [32, third],
  ]);
  let loaded = 0;
  for (let at = 0; at < program.length; at += 1) {
    const { code, jumpTrue, jumpFalse, operand } = program[at] ?? { code: 0, jumpTrue: 0, jumpFalse: 0, operand: 0 };
    if (code === 0x06) return operand;
    if (code === 0x20) loaded = words.get(operand) ?? Number.NaN;
    else if (code === 0x54) loaded &= operand;
    else if (code === 0x15) at += loaded === operand ? jumpTrue : jumpFalse;
    else if (code === 0x35) at += loaded >= operand ? jumpTrue : jumpFalse;
    else if (code === 0x45) at += (loaded & operand) !== 0 ? jumpTrue : jumpFalse;
    else throw new Error(`Unknown instruction ${code}.`);
  }
  throw new Error('The program has no end.');
}

/** What is asked, the numbers on x86_64 and aarch64, the arguments, and the answer. Numbers as in `ausyscall`. */
const CASES: [name: string, x64: number, arm64: number, first: number, second: number, answer: number][] = [
  ['read', 0, 63, 0, 0, ALLOW],
  ['execve', 59, 221, 0, 0, ALLOW],
  ['futex', 202, 98, 0, 0, ALLOW],
  ['openat', 257, 56, 0, 0, ALLOW],
  ['faccessat2', 439, 439, 0, 0, ALLOW],
  ['ptrace', 101, 117, 0, 0, EPERM],
  ['process_vm_readv', 310, 270, 0, 0, EPERM],
  ['process_vm_writev', 311, 271, 0, 0, EPERM],
  ['bpf', 321, 280, 0, 0, EPERM],
  ['add_key', 248, 217, 0, 0, EPERM],
  ['request_key', 249, 218, 0, 0, EPERM],
  ['keyctl', 250, 219, 0, 0, EPERM],
  ['mount', 165, 40, 0, 0, EPERM],
  ['umount2', 166, 39, 0, 0, EPERM],
  ['pivot_root', 155, 41, 0, 0, EPERM],
  ['move_mount', 429, 429, 0, 0, EPERM],
  ['fsopen', 430, 430, 0, 0, EPERM],
  ['unshare', 272, 97, 0, 0, EPERM],
  ['setns', 308, 268, 0, 0, EPERM],
  ['kexec_load', 246, 104, 0, 0, EPERM],
  ['perf_event_open', 298, 241, 0, 0, EPERM],
  ['userfaultfd', 323, 282, 0, 0, EPERM],
  ['open_by_handle_at', 304, 265, 0, 0, EPERM],
  ['io_uring_setup', 425, 425, 0, 0, ENOSYS],
  ['io_uring_enter', 426, 426, 0, 0, ENOSYS],
  ['io_uring_register', 427, 427, 0, 0, ENOSYS],
  ['clone3', 435, 435, 0, 0, ENOSYS],
  ['a call that is younger than the filter', 463, 463, 0, 0, ENOSYS],
  ['a call of the x32 table', 0x40000000, 0x40000000, 0, 0, ENOSYS],
  ['clone of a thread', 56, 220, 0x003d0f00, 0, ALLOW],
  ['clone of a process', 56, 220, 0x01200011, 0, ALLOW],
  ['clone into a new user namespace', 56, 220, 0x10000011, 0, EPERM],
  ['clone into a new mount namespace', 56, 220, 0x00020011, 0, EPERM],
  ['clone into a new network namespace', 56, 220, 0x40000011, 0, EPERM],
  ['clone into a new cgroup namespace', 56, 220, 0x02000011, 0, EPERM],
  ['socket(AF_UNIX)', 41, 198, 1, 1, ALLOW],
  ['socket(AF_INET)', 41, 198, 2, 1, EAFNOSUPPORT],
  ['socket(AF_INET6)', 41, 198, 10, 1, EAFNOSUPPORT],
  ['socket(AF_NETLINK)', 41, 198, 16, 1, EAFNOSUPPORT],
  ['socket(AF_VSOCK)', 41, 198, 40, 1, EAFNOSUPPORT],
  ['socket(AF_ALG)', 41, 198, 38, 1, EAFNOSUPPORT],
  ['socketpair(AF_UNIX)', 53, 199, 1, 1, ALLOW],
  ['socketpair(AF_TIPC)', 53, 199, 30, 1, EAFNOSUPPORT],
  ['ioctl(FIONREAD)', 16, 29, 0, 0x541b, ALLOW],
  ['ioctl(TIOCSTI)', 16, 29, 0, 0x5412, EPERM],
  ['ioctl(TIOCLINUX)', 16, 29, 0, 0x541c, EPERM],
];

describe.each<Architecture>(['x64', 'arm64'])('the seccomp filter of %s', (architecture) => {
  const program = filterProgram(architecture);

  it.each(CASES)('answers %s', (_name, x64, arm64, first, second, answer) => {
    const number = architecture === 'x64' ? x64 : arm64;
    expect(evaluate(program, AUDIT[architecture], number, [first, second])).toBe(answer);
  });

  it.each<[string, number[], number]>([
    ['AF_UNIX', [1, 1, 0], ALLOW],
    ['TCP', [2, 1, 0], ALLOW],
    ['TCP by its number, with flags', [2, 1 | 0x80800, 6], ALLOW],
    ['UDP', [2, 2, 0], EAFNOSUPPORT],
    ['UDP, with flags', [2, 2 | 0x80800, 17], EAFNOSUPPORT],
    ['raw', [2, 3, 255], EAFNOSUPPORT],
    ['ICMP', [2, 2, 1], EAFNOSUPPORT],
    ['MPTCP', [2, 1, 262], EAFNOSUPPORT],
    ['SCTP', [2, 1, 132], EAFNOSUPPORT],
    ['SCTP packets', [2, 5, 132], EAFNOSUPPORT],
    ['TCP over IPv6', [10, 1, 0], EAFNOSUPPORT],
    ['netlink', [16, 3, 0], EAFNOSUPPORT],
    ['vsock', [40, 1, 0], EAFNOSUPPORT],
  ])('with a way out answers %s', (_name, given, answer) => {
    const wider = filterProgram(architecture, 'tcp');
    expect(evaluate(wider, AUDIT[architecture], architecture === 'x64' ? 41 : 198, given)).toBe(answer);
    const pair = evaluate(wider, AUDIT[architecture], architecture === 'x64' ? 53 : 199, given);
    expect(pair).toBe(given[0] === 1 ? ALLOW : EAFNOSUPPORT);
  });

  it('kills what runs as another architecture', () => {
    const other = architecture === 'x64' ? AUDIT.arm64 : AUDIT.x64;
    const i386 = 0x40000003;
    expect(evaluate(program, other, 0)).toBe(KILL);
    expect(evaluate(program, i386, 0)).toBe(KILL);
  });

  it('has an answer for every number', () => {
    const answers = new Set([ALLOW, EPERM, ENOSYS, EAFNOSUPPORT]);
    for (let number = 0; number < 600; number += 1) {
      expect(answers).toContain(evaluate(program, AUDIT[architecture], number));
    }
  });

  it('is encoded as struct sock_filter', () => {
    const bytes = seccompFilter(architecture);
    expect(bytes).toHaveLength(program.length * 8);
    expect(program.length).toBeLessThan(4096);
    // ld [4]; jeq audit, 1, 0; ret kill
    const audit = Buffer.alloc(4);
    audit.writeUInt32LE(AUDIT[architecture]);
    expect(bytes.subarray(0, 24)).toEqual(
      Buffer.concat([
        Buffer.from([0x20, 0, 0, 0, 4, 0, 0, 0]),
        Buffer.from([0x15, 0, 1, 0]),
        audit,
        Buffer.from([0x06, 0, 0, 0, 0, 0, 0, 0x80]),
      ]),
    );
  });
});

it('knows which architectures it has a filter for', () => {
  expect(['x64', 'arm64', 'ia32', 'riscv64', 'toString'].map(isKnownArchitecture)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

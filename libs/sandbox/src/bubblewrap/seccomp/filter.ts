import { ALLOW, encode, failWith, give, keepBits, KILL, load, OFFSET, type Instruction } from './bpf.js';
import { ifEqualSkip, unlessAnyBitSkip, unlessAtLeastSkip, unlessEqualSkip } from './bpf.js';
import { CHECKED, DENIED, MISSING, type SystemCall } from './system-calls.js';

export type Architecture = 'x64' | 'arm64';

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64. */
const AUDIT_ARCHITECTURE = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
/**
 * Calls younger than Linux 6.10 (mseal, 462) were not looked at, and count as missing. On x86_64 that covers the
 * second table of numbers, x32, which has bit 30 set.
 */
const FIRST_UNKNOWN_CALL = 463;
/** CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}. clone() has no CLONE_NEWTIME: the bit is part of the exit signal. */
const NAMESPACE_FLAGS = 0x7e020000;
const AF_UNIX = 1;
const AF_INET = 2;
const SOCK_STREAM = 1;
/** Beside it stand flags (SOCK_NONBLOCK, SOCK_CLOEXEC). */
const SOCKET_TYPE_BITS = 0xf;
const IPPROTO_TCP = 6;
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;

/** Which sockets code may open: between its own processes only, or TCP as well. */
export type Sockets = 'local' | 'tcp';

export function isKnownArchitecture(name: string): name is Architecture {
  return Object.hasOwn(AUDIT_ARCHITECTURE, name);
}

/** The filter's instructions, for tests; `seccompFilter` encodes them. */
export function filterProgram(architecture: Architecture, sockets: Sockets = 'local'): Instruction[] {
  const numberOf = (call: SystemCall): number | undefined => call[architecture === 'x64' ? 0 : 1];
  const fail = (calls: Record<string, SystemCall>, errno: number): Instruction[] =>
    Object.values(calls).flatMap((call) => whenCalled(numberOf(call), [give(failWith(errno))]));
  return [
    load(OFFSET.architecture),
    ifEqualSkip(AUDIT_ARCHITECTURE[architecture], 1),
    give(KILL),
    load(OFFSET.number),
    unlessAtLeastSkip(FIRST_UNKNOWN_CALL, 1),
    give(failWith(ENOSYS)),
    ...fail(DENIED, EPERM),
    ...fail(MISSING, ENOSYS),
    ...whenCalled(numberOf(CHECKED.clone), [
      load(OFFSET.argument(0)),
      unlessAnyBitSkip(NAMESPACE_FLAGS, 1),
      give(failWith(EPERM)),
      give(ALLOW),
    ]),
    ...whenCalled(numberOf(CHECKED.socket), sockets === 'tcp' ? unixAndTcpSockets() : onlyUnixSockets()),
    ...whenCalled(numberOf(CHECKED.socketpair), onlyUnixSockets()),
    ...whenCalled(numberOf(CHECKED.ioctl), noTerminalInput()),
    give(ALLOW),
  ];
}

/** The program that bubblewrap installs, for one architecture. */
export function seccompFilter(architecture: Architecture, sockets?: Sockets): Buffer {
  return encode(filterProgram(architecture, sockets));
}

function whenCalled(number: number | undefined, body: Instruction[]): Instruction[] {
  return number === undefined ? [] : [unlessEqualSkip(number, body.length), ...body];
}

function onlyUnixSockets(): Instruction[] {
  return [load(OFFSET.argument(0)), unlessEqualSkip(AF_UNIX, 1), give(ALLOW), give(failWith(EAFNOSUPPORT))];
}

/** TCP over IPv4 besides, for the loopback of a sandbox that has a way out. Neither datagrams nor other protocols. */
function unixAndTcpSockets(): Instruction[] {
  const refuse = give(failWith(EAFNOSUPPORT));
  return [
    load(OFFSET.argument(0)),
    unlessEqualSkip(AF_UNIX, 1),
    give(ALLOW),
    unlessEqualSkip(AF_INET, 7),
    load(OFFSET.argument(1)),
    keepBits(SOCKET_TYPE_BITS),
    unlessEqualSkip(SOCK_STREAM, 4),
    load(OFFSET.argument(2)),
    ifEqualSkip(0, 1),
    unlessEqualSkip(IPPROTO_TCP, 1),
    give(ALLOW),
    refuse,
  ];
}

/** Both type into a terminal. The system looks at the request's low 32 bits only, and so does this. */
function noTerminalInput(): Instruction[] {
  return [
    load(OFFSET.argument(1)),
    ...[TIOCSTI, TIOCLINUX].flatMap((request) => [unlessEqualSkip(request, 1), give(failWith(EPERM))]),
    give(ALLOW),
  ];
}

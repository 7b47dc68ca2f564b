import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ, which is 100 on every architecture that Node runs on under Linux (proc(5)). */
const TICKS_PER_SECOND = 100;
const MICROSECONDS_PER_TICK = 1_000_000 / TICKS_PER_SECOND;
const BYTES_PER_KB = 1024;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** Whether this machine tells what a foreign process uses: only /proc of Linux is read. */
export const CAN_MEASURE_PROCESSES = process.platform === 'linux';

/** Microseconds of processor time that a process and all its descendants have used; null where it is not told. */
export function processorTimeOf(pid: number): number | null {
  if (!CAN_MEASURE_PROCESSES) return null;
  const own = ticksOf(pid);
  return descendantsOf(pid).reduce((sum, child) => sum + ticksOf(child), own) * MICROSECONDS_PER_TICK;
}

/** Resident bytes of one process; null where it is not told. */
export function residentBytesOf(pid: number): number | null {
  if (!CAN_MEASURE_PROCESSES) return null;
  const match = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`));
  return match ? Number(match[1]) * BYTES_PER_KB : null;
}

/** Bytes of one process that it shares with no other; null where it is not told, or not to this user. */
export function privateBytesOf(pid: number): number | null {
  const fields = [...read(`/proc/${pid}/smaps_rollup`).matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)];
  return fields.length === 0 ? null : fields.reduce((sum, field) => sum + Number(field[1]), 0) * BYTES_PER_KB;
}

/** All processes that the process started, and that those started. */
export function descendantsOf(pid: number): number[] {
  const children = threadsOf(pid).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** The name in brackets may hold anything, so fields are counted from its end. */
function ticksOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[USER_TICKS] ?? 0) + Number(fields[SYSTEM_TICKS] ?? 0);
}

/** Empty for a process that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names the running server among all that ever used the same folder: host, process and the process's start, so that
 * a reused process id is not taken for the same server.
 */
export function ownerName(): string {
  return `${hostPart()}.${process.pid}.${startTime(process.pid) ?? 0}`;
}

/** Whether that server is surely gone. Another host's cannot be judged from here, and counts as alive. */
export function isDeadOwner(name: string): boolean {
  const match = /^([A-Za-z0-9-]+)\.(\d+)\.(\d+)$/.exec(name);
  if (match === null || match[1] !== hostPart()) return false;
  const started = startTime(Number(match[2]));
  return started === undefined ? !isRunning(Number(match[2])) : String(started) !== match[3];
}

function hostPart(): string {
  return hostname().replaceAll(/[^A-Za-z0-9]/g, '-') || 'host';
}

/** Clock ticks from boot to the process's start (proc(5), field 22); undefined where there is no /proc. */
function startTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name, may hold spaces and parentheses.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

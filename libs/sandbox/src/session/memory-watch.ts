import { readFileSync } from 'node:fs';

const POLL_MS = 100;
const RESIDENT = /^VmRSS:\s+(\d+) kB/m;
const MAX_PROCESSES = 1_000;

/**
 * Adds up the resident memory of a process and all its descendants, again and again.
 * @param onExceeded Called once, when the sum is above the limit.
 * @returns Ends the watch.
 */
export function watchMemory(pid: number, limitBytes: number, onExceeded: () => void): () => void {
  const timer = setInterval(() => {
    if (residentBytes(pid) <= limitBytes) return;
    clearInterval(timer);
    onExceeded();
  }, POLL_MS).unref();
  return () => clearInterval(timer);
}

function residentBytes(root: number): number {
  const waiting = [root];
  let sum = 0;
  for (let looked = 0; waiting.length > 0 && looked < MAX_PROCESSES; looked += 1) {
    const pid = waiting.pop();
    sum += Number(RESIDENT.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
    const children = readOrEmpty(`/proc/${pid}/task/${pid}/children`).split(' ');
    waiting.push(...children.map(Number).filter((child) => child > 0));
  }
  return sum;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

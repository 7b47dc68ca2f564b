import { readFileSync } from 'node:fs';
import { withDescendants } from './descendants.js';

const POLL_MS = 100;
const RESIDENT = /^VmRSS:\s+(\d+) kB/m;

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
  const residentKb = (pid: number): number => Number(RESIDENT.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0);
  return withDescendants(root).reduce((sum, pid) => sum + residentKb(pid) * 1024, 0);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

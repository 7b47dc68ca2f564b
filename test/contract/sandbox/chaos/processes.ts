import { readFileSync } from 'node:fs';
import type { SeededRandom } from './random.js';

/** Processes that a process started, and theirs. */
export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

/** Of a sandbox: what mounts and unmounts for the host is none. */
const KERNEL = /^(bwrap|python3)/;

/** Ends a random interpreter below this process, as the system does when memory runs out. */
export function killOneBelow(random: SeededRandom): void {
  const all = descendantsOf(process.pid).filter((pid) => KERNEL.test(readOrEmpty(`/proc/${pid}/comm`)));
  if (all.length === 0) return;
  try {
    process.kill(random.pick(all), 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function childrenOf(pid: number): number[] {
  return readOrEmpty(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

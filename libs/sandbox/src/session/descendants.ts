import { readdirSync, readFileSync } from 'node:fs';

const MAX_PROCESSES = 1_000;

/** A process and everything that it and its children started, as Linux lists them; only itself elsewhere. */
export function withDescendants(root: number): number[] {
  const found: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined && found.length < MAX_PROCESSES; pid = waiting.pop()) {
    found.push(pid);
    // A child is listed under the thread that started it.
    for (const thread of threadsOf(pid)) waiting.push(...childrenOf(pid, thread));
  }
  return found;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function childrenOf(pid: number, thread: string): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

import type { SandboxLimits } from '../ports/sandbox-provider.js';
import type { Room } from './room.js';
import { walk } from './walk.js';

const POLL_MS = 300;
/** Of the time, at most a tenth goes into looking. */
const PAUSE_FACTOR = 10;
const MAX_DEPTH = 50;

/**
 * Looks again and again how much a workspace holds, where no file system bounds it.
 * @param onExceeded Called once.
 * @returns Ends the watch.
 */
export function watchUsage(room: Room, limits: SandboxLimits, onExceeded: () => void): () => void {
  let timer: NodeJS.Timeout;
  let ended = false;
  const look = async (): Promise<void> => {
    const began = Date.now();
    const tooMuch = await exceeds(room, limits);
    if (ended) return;
    if (tooMuch) return onExceeded();
    timer = setTimeout(() => void look(), Math.max(POLL_MS, (Date.now() - began) * PAUSE_FACTOR)).unref();
  };
  timer = setTimeout(() => void look(), POLL_MS).unref();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

async function exceeds(room: Room, limits: SandboxLimits): Promise<boolean> {
  const caps = { maxEntries: limits.maxWorkspaceFiles + 1, maxDepth: MAX_DEPTH };
  const entries = [...(await walk(room.data, caps)), ...(await walk(room.scratch, caps))];
  const bytes = entries.reduce((sum, { stats }) => sum + stats.blocks * 512n, 0n);
  return entries.length > limits.maxWorkspaceFiles || bytes > BigInt(limits.maxWorkspaceBytes);
}

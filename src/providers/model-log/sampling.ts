import { createHash } from 'node:crypto';

/** Whether a run is among the share that is recorded: always the same for one run, in every process. */
export function isSampled(runId: string | null, share: number, random: () => number): boolean {
  if (share >= 1) return true;
  if (runId === null) return random() < share;
  const [first = 0, second = 0] = createHash('sha256').update(runId).digest();
  return (first * 256 + second) / 65_536 < share;
}

import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

const WANTED = { first: 1_900_000_000, count: 65_536 };
/** For containers whose user namespace maps few ids; above what distributions hand out. */
const FALLBACK = { first: 62_000, count: 2_000 };

/**
 * A user id that nobody else has, for the code of one session: limits that count by user then count it alone, and
 * sessions cannot touch each other's processes.
 */
export function unprivilegedOwner(): { uid: number; gid: number } {
  const range = isMapped(WANTED.first + WANTED.count) ? WANTED : FALLBACK;
  const id = range.first + randomInt(range.count);
  return { uid: id, gid: id };
}

/** user_namespaces(7): lines of first id inside, first id outside, count. */
function isMapped(id: number): boolean {
  return readFileSync('/proc/self/uid_map', 'utf8')
    .split('\n')
    .some((line) => {
      const [first, , count] = line.trim().split(/\s+/).map(Number);
      return first !== undefined && count !== undefined && id >= first && id < first + count;
    });
}

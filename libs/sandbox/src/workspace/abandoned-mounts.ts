import { basename, dirname } from 'node:path';
import { isDeadOwner } from './owner.js';

const ROOM = /^[0-9a-f]{24}$/;

/**
 * Rooms of dead owners that are still mounted, out of the text of /proc/self/mounts, wherever they lie: the folder that
 * a server worked in may have been thrown away, and no successor would ever look there.
 */
export function abandonedMounts(mounts: string): string[] {
  return mounts.split('\n').flatMap((line) => {
    const [, place = '', type] = line.split(' ');
    const path = unescapeSpaces(place);
    const isRoom = type === 'tmpfs' && ROOM.test(basename(path)) && isDeadOwner(basename(dirname(path)));
    return isRoom ? [path] : [];
  });
}

/** The table writes blanks and backslashes in octal (proc(5)). */
function unescapeSpaces(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

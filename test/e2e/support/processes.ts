import { readdir, readFile } from 'node:fs/promises';

export interface LiveProcess {
  id: number;
  parent: number;
  name: string;
  /** In ticks since boot: tells a process from a later one with the same id. */
  startTime: string;
}

const ZOMBIE = 'Z';

/** All processes of this machine, from Linux' /proc. Those that have ended and wait to be collected are left out. */
async function listProcesses(): Promise<LiveProcess[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')));
  return stats.flatMap((stat): LiveProcess[] => {
    const match = /^(\d+) \((.*)\) (\w) (\d+) (.*)$/s.exec(stat.trim());
    if (!match || match[3] === ZOMBIE) return [];
    const [, id, name = '', , parent, rest = ''] = match;
    return [{ id: Number(id), parent: Number(parent), name, startTime: rest.split(' ')[17] ?? '' }];
  });
}

/** Every process that the given one started, and those that they started. */
export async function descendantsOf(id: number): Promise<LiveProcess[]> {
  const all = await listProcesses();
  const found: LiveProcess[] = [];
  const parents = [id];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    const children = all.filter((each) => each.parent === parent);
    found.push(...children);
    parents.push(...children.map((child) => child.id));
  }
  return found;
}

/** Those of the processes that still live. */
export async function survivorsOf(processes: readonly LiveProcess[]): Promise<LiveProcess[]> {
  const all = await listProcesses();
  return processes.filter((each) => all.some(({ id, startTime }) => id === each.id && startTime === each.startTime));
}

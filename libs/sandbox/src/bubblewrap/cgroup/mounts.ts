import { join, relative } from 'node:path';

export interface CgroupPlaces {
  /** The process's own group, by controller, in version 1 hierarchies. */
  v1: Map<string, string>;
  /** Where the version 2 hierarchy is mounted, and the process's own group in it. */
  v2: { mount: string; own: string } | undefined;
}

/**
 * Finds the process's groups from the texts of /proc/self/mountinfo and /proc/self/cgroup (proc(5), cgroups(7)).
 * A container may see a part of the hierarchy only: paths are taken relative to what is mounted.
 */
export function findCgroupPlaces(mountinfo: string, membership: string): CgroupPlaces {
  const places: CgroupPlaces = { v1: new Map(), v2: undefined };
  const paths = parseMembership(membership);
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ');
    const [, , , root, mount] = before?.split(' ') ?? [];
    const [type, , options] = after?.split(' ') ?? [];
    if (root === undefined || mount === undefined) continue;
    const within = (path: string): string => join(mount, insideOf(root, path));
    if (type === 'cgroup2') {
      places.v2 = { mount, own: within(paths.get('') ?? '/') };
    } else if (type === 'cgroup') {
      for (const controller of options?.split(',') ?? []) {
        const path = paths.get(controller);
        if (path !== undefined) places.v1.set(controller, within(path));
      }
    }
  }
  return places;
}

function parseMembership(text: string): Map<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, controllers, ...path] = line.split(':');
    for (const controller of controllers?.split(',') ?? []) paths.set(controller, path.join(':'));
  }
  return paths;
}

function insideOf(root: string, path: string): string {
  const inside = relative(root, path);
  return inside.startsWith('..') ? '' : inside;
}

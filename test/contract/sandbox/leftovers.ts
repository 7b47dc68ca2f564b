import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxProvider } from '@libs/sandbox';
import type { SandboxFixture } from './sandbox-fixture.js';

const CGROUP_FOLDERS = ['memory', 'pids', 'cpu', ''];

/** A fixture with a folder of its own, and eyes for what the provider leaves outside of it. */
export async function createFixture(
  create: (root: string) => SandboxProvider | Promise<SandboxProvider>,
): Promise<SandboxFixture> {
  const root = await mkdtemp(join(tmpdir(), 'threadmill-sandbox-'));
  const provider = await create(root);
  await provider.probe();
  const before = new Set(outside());
  return {
    provider,
    leftovers: async () => [
      ...(await readdir(root, { recursive: true })).filter((name) => name.includes('/')),
      ...outside().filter((name) => !before.has(name)),
    ],
    dispose: async () => {
      await provider.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function outside(): string[] {
  return [...ownedOutside(process.pid), ...children()];
}

/** Mounts and control groups that a server has made. */
export function ownedOutside(pid: number): string[] {
  return [...mounts(), ...controlGroups()].filter((line) => line.includes(`.${pid}.`));
}

function mounts(): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes('threadmill'));
}

function controlGroups(): string[] {
  const own = /^\d+:memory:(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '';
  return CGROUP_FOLDERS.flatMap((name) => [`/sys/fs/cgroup/${name}`, `/sys/fs/cgroup/${name}${own}`]).flatMap(
    (folder) =>
      namesIn(folder)
        .filter((name) => name.startsWith('threadmill'))
        .map((name) => join(folder, name)),
  );
}

/** Processes that this one started, and theirs. */
function children(): string[] {
  const found: string[] = [];
  const waiting = [String(process.pid)];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const list = readOrEmpty(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
    found.push(...list.map((child) => `process ${child}`));
    waiting.push(...list);
  }
  return found;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

import type { WorkspaceFile } from '../ports/sandbox-provider.js';
import type { WalkedEntry } from './walk.js';

/** What tells one state of a file from another, by name. */
export type Snapshot = ReadonlyMap<string, string>;

export function takeSnapshot(entries: readonly WalkedEntry[]): Snapshot {
  return new Map(regularFiles(entries).map((entry) => [entry.name, fingerprint(entry)]));
}

/** Files that are new since the snapshot, or no longer the same. */
export function changedSince(before: Snapshot, entries: readonly WalkedEntry[]): WorkspaceFile[] {
  return regularFiles(entries)
    .filter((entry) => before.get(entry.name) !== fingerprint(entry))
    .map(toWorkspaceFile);
}

export function regularFiles(entries: readonly WalkedEntry[]): WalkedEntry[] {
  return entries.filter((entry) => entry.stats.isFile());
}

export function toWorkspaceFile(entry: WalkedEntry): WorkspaceFile {
  return { name: entry.name, bytes: Number(entry.stats.size) };
}

function fingerprint({ stats }: WalkedEntry): string {
  return `${stats.size}:${stats.mtimeNs}:${stats.ino}`;
}

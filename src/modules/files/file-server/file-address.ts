import type { WorkspaceFileKind } from '../files.types.js';
import type { WorkspaceFileAddress } from '../workspace-files.repository.js';

/** The folder of each kind in a URL's path; `generated` is the seeds' own form. */
const FOLDERS: Record<WorkspaceFileKind, string> = { uploaded: 'uploads', generated: 'generated' };

/** `/<workspace>/generated/<name>` or `/<workspace>/uploads/<name>`, each segment percent-encoded. */
export function toFilePath({ workspaceId, kind, name }: WorkspaceFileAddress): string {
  return `/${[workspaceId, FOLDERS[kind], ...name.split('/')].map(encodeURIComponent).join('/')}`;
}

/** Undefined for a path that names no file. Names are looked up, never opened as paths, so dots lead nowhere. */
export function parseFilePath(path: string): WorkspaceFileAddress | undefined {
  const segments = decodeSegments(path);
  const [workspaceId, folder, ...names] = segments ?? [];
  const kind = folder === FOLDERS.generated ? 'generated' : folder === FOLDERS.uploaded ? 'uploaded' : undefined;
  if (!workspaceId || kind === undefined || names.length === 0 || names.includes('')) return undefined;
  return { workspaceId, kind, name: names.join('/') };
}

function decodeSegments(path: string): string[] | undefined {
  if (!path.startsWith('/')) return undefined;
  try {
    const segments = path.slice(1).split('/').map(decodeURIComponent);
    return segments.some((segment) => /[\0/]/.test(segment)) ? undefined : segments;
  } catch {
    return undefined;
  }
}

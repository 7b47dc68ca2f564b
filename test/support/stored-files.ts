import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The paths of every file below DATA_DIR/blobs, temporary ones too. */
export async function filesInBlobStore(dataDir: string): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

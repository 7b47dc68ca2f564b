import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const ENDING = '.jsonl';

/**
 * Lines in the files of a folder that several processes may share. Each process writes files of its own, with the time of
 * their beginning in the name; the oldest go where all together exceed the bound.
 */
export class LogFolder {
  private current: { path: string; bytes: number } | undefined;

  /** What may be appended at once, in bytes: a whole file. */
  readonly mostAtOnce: number;

  /** @param mostBytes of all files together; a file has at most an eighth of it */
  constructor(
    private readonly folder: string,
    private readonly mostBytes: number,
  ) {
    this.mostAtOnce = Math.floor(mostBytes / 8);
  }

  async append(lines: string): Promise<void> {
    const bytes = Buffer.byteLength(lines);
    if (!this.current || this.current.bytes + bytes > this.mostAtOnce) await this.begin();
    if (!this.current) return;
    const { path } = this.current;
    try {
      await appendFile(path, lines, { mode: 0o600 });
      this.current.bytes += bytes;
    } catch (error) {
      // The folder may be gone: the next file makes it anew.
      this.current = undefined;
      throw error;
    }
  }

  /** The files there are, the newest first. */
  async files(): Promise<string[]> {
    const names = await readdir(this.folder).catch(() => []);
    const logs = names.filter((name) => name.endsWith(ENDING));
    return logs
      .sort()
      .reverse()
      .map((name) => join(this.folder, name));
  }

  private async begin(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await this.removeOldest();
    const name = `${String(Date.now()).padStart(15, '0')}-${randomUUID()}${ENDING}`;
    this.current = { path: join(this.folder, name), bytes: 0 };
  }

  /** Leaves room for a file that is about to begin. */
  private async removeOldest(): Promise<void> {
    let kept = 0;
    for (const path of await this.files()) {
      const size = await stat(path).then(
        ({ size: bytes }) => bytes,
        () => 0,
      );
      kept += size;
      if (kept > (this.mostBytes * 7) / 8) await rm(path, { force: true });
    }
  }
}

const INTERVAL_MS = 500;

/** Notes how far a file's ingestion has come, not more often than anybody would look. */
export class ProgressNotes {
  private notedAt = -Infinity;
  private noting = false;

  /**
   * @param note writes the per cent down; false: the file is no longer this worker's
   * @param onLost told of that
   */
  constructor(
    private readonly note: (percent: number) => Promise<boolean>,
    private readonly onLost: () => void,
  ) {}

  /** A part of the work between two per cents. */
  between(from: number, to: number): (done: number, of: number) => void {
    return (done, of) => this.reach(from + ((to - from) * done) / Math.max(of, 1));
  }

  reach(percent: number): void {
    const now = performance.now();
    if (this.noting || now - this.notedAt < INTERVAL_MS) return;
    this.notedAt = now;
    this.noting = true;
    void this.write(Math.floor(percent)).finally(() => (this.noting = false));
  }

  private async write(percent: number): Promise<void> {
    try {
      if (!(await this.note(percent))) this.onLost();
    } catch {
      // Nobody misses a note; the heartbeat tells whether the database has gone.
    }
  }
}

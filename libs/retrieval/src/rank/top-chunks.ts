/** A chunk by its store's number and its own in it, and what it is worth to a query. */
export interface ScoredChunk {
  store: number;
  chunk: number;
  score: number;
}

/** The best of many chunks, of which nearly all are turned away by one comparison. */
export class TopChunks {
  private readonly kept: ScoredChunk[] = [];

  constructor(private readonly count: number) {}

  /** What a chunk must exceed to come in. */
  get floor(): number {
    return this.kept.length < this.count ? 0 : (this.kept.at(-1)?.score ?? 0);
  }

  add(chunk: ScoredChunk): void {
    if (chunk.score <= this.floor) return;
    let low = 0;
    let high = this.kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.kept[middle]?.score ?? 0) >= chunk.score) low = middle + 1;
      else high = middle;
    }
    this.kept.splice(low, 0, chunk);
    if (this.kept.length > this.count) this.kept.pop();
  }

  /** Best first; of equals the one that was added first. */
  sorted(): ScoredChunk[] {
    return [...this.kept];
  }
}

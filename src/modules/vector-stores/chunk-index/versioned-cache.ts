interface Entry<Value> {
  version: number;
  bytes: number;
  value: Value;
}

/**
 * Values that hold for one version of what they were read from. The longest unused go first once all together take more
 * bytes than they may.
 */
export class VersionedCache<Value> {
  private readonly entries = new Map<string, Entry<Value>>();
  private bytes = 0;

  constructor(
    private readonly mostBytes: number,
    private readonly bytesOf: (value: Value) => number,
  ) {}

  get(key: string, version: number): Value | undefined {
    const entry = this.entries.get(key);
    if (entry?.version !== version) return undefined;
    // Moved to the end of those that are waiting to go.
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, version: number, value: Value): void {
    this.drop(key);
    const bytes = this.bytesOf(value);
    if (bytes > this.mostBytes) return;
    this.entries.set(key, { version, bytes, value });
    this.bytes += bytes;
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= this.mostBytes) break;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.bytes -= entry.bytes;
  }
}

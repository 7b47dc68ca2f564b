/** Calls remembered of one session; the newest are asked for. */
const MOST_CALLS = 200;

/** What is known of a session by those who use it one after the other, in whichever processes. */
export class SessionLedger {
  /** What lies in its workspace: place (kind and name) -> file id. */
  readonly placed: Map<string, string>;
  private readonly calls: Set<string>;

  constructor(placed: Iterable<[string, string]> = [], calls: Iterable<string> = []) {
    this.placed = new Map(placed);
    this.calls = new Set(calls);
  }

  /** That of a new session for what is no ledger: it comes from another machine. */
  static parse(text: string): SessionLedger {
    try {
      const [placed, calls] = JSON.parse(text) as [unknown, unknown];
      if (!Array.isArray(placed) || !Array.isArray(calls)) return new SessionLedger();
      return new SessionLedger(placed.filter(isPair), calls.filter(isText));
    } catch {
      return new SessionLedger();
    }
  }

  toText(): string {
    return JSON.stringify([[...this.placed], [...this.calls]]);
  }

  /** Whether nothing has run in it yet. */
  get isUnused(): boolean {
    return this.calls.size === 0;
  }

  /** Whether the call, by the model's id for it, ran here. */
  hasRun(callId: string): boolean {
    return this.calls.has(callId);
  }

  noteCall(callId: string): void {
    this.calls.add(callId);
    const [oldest] = this.calls;
    if (this.calls.size > MOST_CALLS && oldest !== undefined) this.calls.delete(oldest);
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every(isText);
}

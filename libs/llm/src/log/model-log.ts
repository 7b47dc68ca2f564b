/** One call of a model server, as it went. */
export interface ModelCallRecord {
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number;
  server: string;
  /** Below the server's API, such as `/chat/completions`. */
  path: string;
  /** Of the run or chat completion; of the request where it was passed on as it came; null where nobody said. */
  runId: string | null;
  /** An object, or the beginning of the bytes as text. */
  request: unknown;
  answer: unknown;
  /** Null: it went well. */
  error: string | null;
}

/** Takes records of model calls. Never throws and never waits: no call is slower for it. */
export interface ModelLog {
  /** Whether the calls of this run are to be recorded. */
  wants(runId: string | null): boolean;
  add(record: ModelCallRecord): void;
}

/** The queues and what a job of each carries. The work itself is a row; the job only names it. */
export interface JobPayloads {
  /** `traceparent`: what the run belongs to in the trace of who asked for it. A reaper that finds the run does not know it. */
  'execute-run': { runId: string; traceparent?: string };
  /** Names no file: whoever takes it takes the file whose turn it is. `slot` tells jobs apart that may wait at once. */
  'ingest-file': { slot: number };
  /** Names no file, as above. */
  'summarise-file': { slot: number };
}

export type JobName = keyof JobPayloads;

/** Every queue, for those who make them. The compiler demands that none is missing. */
export const JOB_NAMES = Object.keys({
  'execute-run': true,
  'ingest-file': true,
  'summarise-file': true,
} satisfies Record<JobName, true>) as JobName[];

export interface JobOptions {
  /** A job of the same key that still waits is not added again. */
  key?: string;
  delayMs?: number;
}

export type JobHandler<Name extends JobName> = (payload: JobPayloads[Name], signal: AbortSignal) => Promise<void>;

export interface QueueHealth {
  status: 'ok' | 'down';
  engine: 'in-process' | 'redis';
  reason?: string;
}

/**
 * Hands jobs to workers, at least once and in order of arrival. A lost job is no lost work: whoever
 * owns the row finds it again (the reaper), so handlers must claim before they act and may be
 * called twice. A handler that throws is logged; the queue itself never retries it.
 */
export abstract class JobQueue {
  abstract add<Name extends JobName>(name: Name, payload: JobPayloads[Name], options?: JobOptions): Promise<void>;
  /** Starts to work on a queue with at most `concurrency` jobs at once in this process. One handler a queue. */
  abstract process<Name extends JobName>(name: Name, concurrency: number, handler: JobHandler<Name>): void;
  abstract health(): Promise<QueueHealth>;
  /**
   * Takes no further job and waits for those under way, at most `graceMs`; then aborts their
   * signals and waits for them to end.
   */
  abstract close(graceMs: number): Promise<void>;
}

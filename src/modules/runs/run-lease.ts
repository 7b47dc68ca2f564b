import { Injectable } from '@nestjs/common';
import { sleep } from '@libs/kernel';
import { isTerminal } from './run-state.js';
import { RunStream } from './run-stream.js';
import { RunsRepository } from './runs.repository.js';
import type { StopReason } from './run-presenter.js';
import type { RunRecord } from './runs.types.js';

/** How long a worker may be silent before another one takes its run. */
export const LEASE_MS = 15_000;
const HEARTBEAT_MS = 5_000;

/** Watches over a run while a worker executes it. */
export interface RunWatch {
  /** Aborts when the run is to stop. */
  readonly signal: AbortSignal;
  readonly stopReason: StopReason;
  stop(): void;
}

/** Keeps leases alive and hears what ends a run from outside: a cancel, its expiry, the end of this process. */
@Injectable()
export class RunLeases {
  constructor(
    private readonly runs: RunsRepository,
    private readonly stream: RunStream,
  ) {}

  /** @param lease the token of this claim */
  watch(run: RunRecord, lease: string, shutdown: AbortSignal): RunWatch {
    const stopping = new AbortController();
    const watching = new AbortController();
    let stopReason: StopReason = 'lost';
    const stopFor = (reason: StopReason): void => {
      if (stopping.signal.aborted) return;
      stopReason = reason;
      stopping.abort();
    };
    const onShutdown = (): void => stopFor('lost');
    shutdown.addEventListener('abort', onShutdown, { once: true });
    const untilExpiry = (run.expiresAt?.getTime() ?? Infinity) - Date.now();
    const expiry = Number.isFinite(untilExpiry)
      ? setTimeout(() => stopFor('expired'), Math.max(untilExpiry, 0))
      : undefined;
    void this.hearOrders(run.id, watching.signal, stopFor);
    void this.beat(run.id, lease, watching.signal, stopFor);
    return {
      signal: stopping.signal,
      get stopReason() {
        return stopReason;
      },
      stop: () => {
        clearTimeout(expiry);
        shutdown.removeEventListener('abort', onShutdown);
        watching.abort();
      },
    };
  }

  private async hearOrders(runId: string, signal: AbortSignal, stopFor: (reason: StopReason) => void): Promise<void> {
    try {
      if (await this.stream.cancelOrdered(runId, signal)) stopFor('cancelled');
    } catch {
      // The heartbeat sees the cancel too, only later.
    }
  }

  private async beat(
    runId: string,
    lease: string,
    signal: AbortSignal,
    stopFor: (reason: StopReason) => void,
  ): Promise<void> {
    let lastBeat = Date.now();
    while (!signal.aborted) {
      await sleep(HEARTBEAT_MS, signal);
      if (signal.aborted) return;
      try {
        const status = await this.runs.heartbeat(runId, lease, LEASE_MS);
        lastBeat = Date.now();
        if (status === null || isTerminal(status)) stopFor('lost');
        else if (status === 'cancelling') stopFor('cancelled');
      } catch {
        // A lease that could not be renewed in time is another worker's to take.
        if (Date.now() - lastBeat > LEASE_MS) stopFor('lost');
      }
    }
  }
}

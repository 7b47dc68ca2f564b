import { Injectable } from '@nestjs/common';
import { sleep } from '@libs/kernel';
import { RunStream } from './run-stream.js';
import { RunsRepository } from './runs.repository.js';
import type { StopReason } from './run-presenter.js';
import type { ClaimedRun } from './run-claims.js';
import type { RunClaim } from './run-claim.js';

/** So often a lease is prolonged before it would run out. */
const BEATS_A_LEASE = 3;

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

  watch({ run, claim }: ClaimedRun, shutdown: AbortSignal): RunWatch {
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
    void this.beat(run.id, claim, watching.signal, stopFor);
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
    claim: RunClaim,
    signal: AbortSignal,
    stopFor: (reason: StopReason) => void,
  ): Promise<void> {
    while (!signal.aborted) {
      await sleep(claim.leaseMs / BEATS_A_LEASE, signal);
      if (signal.aborted) return;
      const askedAt = performance.now();
      try {
        const status = await this.runs.heartbeat(runId, claim.token, claim.leaseMs);
        if (status === null) stopFor('lost');
        else claim.prolong(askedAt);
        if (status === 'cancelling') stopFor('cancelled');
      } catch {
        // A lease that could not be renewed in time is another worker's to take.
        if (!claim.isLive) stopFor('lost');
      }
    }
  }
}

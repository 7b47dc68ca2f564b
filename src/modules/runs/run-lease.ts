import { Injectable } from '@nestjs/common';
import type { Claim } from '../../jobs/claim.js';
import { keepLease } from '../../jobs/keep-lease.js';
import { RunStream } from './run-stream.js';
import { RunsRepository } from './runs.repository.js';
import type { StopReason } from './run-presenter.js';
import type { ClaimedRun } from './run-claims.js';

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

  private beat(runId: string, claim: Claim, signal: AbortSignal, stopFor: (reason: StopReason) => void): Promise<void> {
    const prolong = async (): Promise<boolean> => {
      const status = await this.runs.heartbeat(runId, claim.token, claim.leaseMs);
      if (status === 'cancelling') stopFor('cancelled');
      return status !== null;
    };
    return keepLease(claim, { prolong, onLost: () => stopFor('lost'), signal });
  }
}

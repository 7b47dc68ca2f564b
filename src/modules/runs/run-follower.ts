import { Injectable } from '@nestjs/common';
import { isTerminal } from './run-state.js';
import { RunStream, type NumberedFrame } from './run-stream.js';
import { toWireRun } from './run.mapper.js';
import { RunsRepository } from './runs.repository.js';
import type { RunRecord } from './runs.types.js';

/** A stream that is silent for so long is checked against the run itself. */
export const SILENCE_MS = 5000;

/** Follows a run for a client. */
@Injectable()
export class RunFollower {
  constructor(
    private readonly stream: RunStream,
    private readonly runs: RunsRepository,
  ) {}

  /**
   * Everything after the given number, live, up to the event that ends the wait. Where a run ended but its end was never
   * told, because its process or the event bus was lost in that moment, the end is told from the run itself; of a run
   * that is gone the events just end.
   */
  async *follow(run: RunRecord, after: number, signal: AbortSignal): AsyncGenerator<NumberedFrame> {
    const watch = this.watchSilence(run);
    let last = after;
    try {
      const either = AbortSignal.any([signal, watch.signal]);
      for await (const frame of this.stream.follow(run.id, after, either)) {
        watch.heard();
        last = frame.sequence;
        yield frame;
      }
    } finally {
      watch.stop();
    }
    const ended = watch.untoldEnd();
    if (ended) yield endOf(ended, last + 1);
  }

  private watchSilence(run: RunRecord): SilenceWatch {
    const over = new AbortController();
    let isSilent = false;
    let ended: RunRecord | null = null;
    const check = async (): Promise<void> => {
      const wasSilent = isSilent;
      isSilent = true;
      if (!wasSilent) return;
      const now = await this.runs.find(run, run.id);
      if (now && !isTerminal(now.status)) return;
      ended = now;
      over.abort();
    };
    // A database that is away for a moment is asked again.
    const timer = setInterval(() => void check().catch(() => undefined), SILENCE_MS);
    timer.unref();
    return {
      signal: over.signal,
      heard: () => {
        isSilent = false;
      },
      untoldEnd: () => ended,
      stop: () => clearInterval(timer),
    };
  }
}

interface SilenceWatch {
  /** Aborts when nothing more is to be heard. */
  signal: AbortSignal;
  heard(): void;
  untoldEnd(): RunRecord | null;
  stop(): void;
}

/** The event of a run's end, made from the run itself. */
export function endOf(run: RunRecord, sequence: number): NumberedFrame {
  return { sequence, event: `thread.run.${run.status}`, data: JSON.stringify(toWireRun(run)) };
}

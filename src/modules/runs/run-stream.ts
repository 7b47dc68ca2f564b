import { Injectable } from '@nestjs/common';
import { EventBus } from '../../events/event-bus.js';
import type { RunFrame } from './run-change.js';

/** A frame with its number in the run's stream, counted from 1. */
export interface NumberedFrame {
  sequence: number;
  event: string;
  /** One line of JSON. */
  data: string;
}

/** Events after which a client waits for nothing more. */
const LAST_EVENTS = new Set([
  'thread.run.requires_action',
  'thread.run.completed',
  'thread.run.incomplete',
  'thread.run.failed',
  'thread.run.cancelled',
  'thread.run.expired',
]);

export function isLastEvent(event: string): boolean {
  return LAST_EVENTS.has(event);
}

/** The events of runs as any process can publish and follow them, and the orders given to running ones. */
@Injectable()
export class RunStream {
  constructor(private readonly bus: EventBus) {}

  /**
   * @param ends whether no event will follow
   * @returns the number of the first frame
   */
  publish(runId: string, frames: readonly RunFrame[], ends: boolean): Promise<number> {
    const texts = frames.map(({ event, data }) => `${event}\n${JSON.stringify(data)}`);
    return this.bus.publishAll(eventsOf(runId), texts, ends);
  }

  /** No event will follow. */
  async end(runId: string): Promise<void> {
    await this.bus.end(eventsOf(runId));
  }

  /** Whether the run's events can still be read. */
  isKept(runId: string): Promise<boolean> {
    return this.bus.exists(eventsOf(runId));
  }

  /** Everything after the given number, live, up to the event that ends the wait. */
  async *follow(runId: string, after: number, signal: AbortSignal): AsyncGenerator<NumberedFrame> {
    for await (const { sequence, data } of this.bus.read(eventsOf(runId), { after, signal })) {
      const end = data.indexOf('\n');
      const event = data.slice(0, end);
      yield { sequence, event, data: data.slice(end + 1) };
      if (isLastEvent(event)) return;
    }
  }

  /** Tells the worker of a run, wherever it is, to cancel it. */
  async orderCancel(runId: string): Promise<void> {
    await this.bus.publish(ordersOf(runId), 'cancel');
  }

  /** Resolves to true once a cancel is ordered, to false when the signal ends the wait. */
  async cancelOrdered(runId: string, signal: AbortSignal): Promise<boolean> {
    for await (const { data } of this.bus.read(ordersOf(runId), { after: 0, signal })) {
      if (data === 'cancel') return true;
    }
    return false;
  }
}

function eventsOf(runId: string): string {
  return `run:${runId}`;
}

function ordersOf(runId: string): string {
  return `run-orders:${runId}`;
}

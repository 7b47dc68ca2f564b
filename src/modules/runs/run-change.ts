import type { AssistantStreamEventName, WireMessageDelta, WireRunStepDelta, WireThread } from '@libs/openai-wire';
import { toWireMessage, type MessageRecord } from '../threads/index.js';
import { toWireRunStep } from './run-step.mapper.js';
import { toWireRun } from './run.mapper.js';
import type { RunRecord, RunStepRecord } from './runs.types.js';

type EventOf<Prefix extends string> = Extract<AssistantStreamEventName, `${Prefix}.${string}`>;
type StepEvent = Exclude<EventOf<'thread.run.step'>, 'thread.run.step.delta'>;
type MessageEvent = Exclude<EventOf<'thread.message'>, 'thread.message.delta'>;
type RunEvent = Exclude<EventOf<'thread.run'>, EventOf<'thread.run.step'>>;

/** One thing that happened to a run: the event that tells of it, and the object as it is now. */
export type RunChange =
  | { event: 'thread.created'; thread: WireThread }
  | { event: RunEvent; run: RunRecord }
  | { event: StepEvent; step: RunStepRecord }
  /** Kept, but told by no event. */
  | { event: null; step: RunStepRecord }
  | { event: 'thread.run.step.delta'; id: string; delta: WireRunStepDelta['delta'] }
  | { event: MessageEvent; message: MessageRecord }
  | { event: 'thread.message.delta'; id: string; delta: WireMessageDelta['delta'] };

/** An event as it is published: name and data, one line of JSON. */
export interface RunFrame {
  event: AssistantStreamEventName;
  data: unknown;
}

/**
 * Null for a change that no event tells of. Steps show all that searches found: what a client did not ask for is left out
 * where it is sent.
 */
export function toFrame(change: RunChange): RunFrame | null {
  if (change.event === null) return null;
  if ('thread' in change) return { event: change.event, data: change.thread };
  if ('run' in change) return { event: change.event, data: toWireRun(change.run) };
  if ('step' in change) return { event: change.event, data: toWireRunStep(change.step, true) };
  if ('message' in change) return { event: change.event, data: toWireMessage(change.message) };
  return { event: change.event, data: { id: change.id, object: change.event, delta: change.delta } };
}

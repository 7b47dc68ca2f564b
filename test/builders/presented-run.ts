import type { AgentEvent } from '@libs/agent';
import { AssistantStream } from 'openai/lib/AssistantStream';
import { toFrame, type RunChange, type RunFrame } from '../../src/modules/runs/run-change.js';
import { RunPresenter, type StopReason } from '../../src/modules/runs/run-presenter.js';
import type { RunRecord, RunStepRecord } from '../../src/modules/runs/runs.types.js';
import type { MessageRecord } from '../../src/modules/threads/index.js';
import { aRun, NOON } from './run-records.js';

/** What a run's events became: the frames of its stream, and the records as a database would hold them. */
export interface PresentedRun {
  changes: RunChange[];
  frames: RunFrame[];
  /** Event names without `thread.`. */
  names: string[];
  run: RunRecord;
  steps: RunStepRecord[];
  messages: MessageRecord[];
}

/** Folds events as the worker does. `before`: what the stream told before the worker began. */
export function present(
  events: AgentEvent[],
  { stopReason, run = aRun(), before = opening(run) }: PresentOptions = {},
): PresentedRun {
  let count = 0;
  const context = { newId: (kind: string) => `${kind}_${(count += 1)}`, now: () => NOON };
  const presenter = new RunPresenter(run, context);
  const changes = [...before, ...events.flatMap((event) => presenter.apply(event, stopReason))];
  // The wire form of the moment: what is told later must not change what was told before.
  const frames = changes.flatMap((change) => structuredClone(toFrame(change)) ?? []);
  const names = frames.map((frame) => frame.event.replace('thread.', ''));
  return { changes, frames, names, ...stored(changes, run) };
}

interface PresentOptions {
  stopReason?: StopReason;
  run?: RunRecord;
  before?: RunChange[];
}

function opening(run: RunRecord): RunChange[] {
  const queued: RunRecord = { ...run, status: 'queued', startedAt: null };
  return [
    { event: 'thread.run.created', run: queued },
    { event: 'thread.run.queued', run: queued },
    { event: 'thread.run.in_progress', run },
  ];
}

function stored(changes: RunChange[], first: RunRecord): Pick<PresentedRun, 'run' | 'steps' | 'messages'> {
  const steps = new Map<string, RunStepRecord>();
  const messages = new Map<string, MessageRecord>();
  let run = first;
  for (const change of changes) {
    if ('run' in change) run = change.run;
    else if ('step' in change) steps.set(change.step.id, change.step);
    else if ('message' in change) messages.set(change.message.id, change.message);
  }
  return { run, steps: [...steps.values()], messages: [...messages.values()] };
}

export const PRE = ['run.created', 'run.queued', 'run.in_progress'];

/** The names of a message's events, with so many deltas. */
export function messageNames(deltas: number, end: 'completed' | 'incomplete' = 'completed'): string[] {
  return [
    'run.step.created',
    'run.step.in_progress',
    'message.created',
    'message.in_progress',
    ...Array.from({ length: deltas }, () => 'message.delta'),
    `message.${end}`,
  ];
}

/** The official SDK over the stream's bytes, cut at hostile places. */
export function sdkStream({ frames }: PresentedRun, chunkSize = 61): AssistantStream {
  const lines = frames.map(({ event, data }) => JSON.stringify({ event, data })).join('\n') + '\n';
  const bytes = new TextEncoder().encode(lines);
  let at = 0;
  return AssistantStream.fromReadableStream(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, (at += chunkSize)));
      },
    }),
  );
}

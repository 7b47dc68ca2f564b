import type { RunStatus } from '@libs/openai-wire';
import { canFollow, isTerminal, RUN_STATUSES } from '../../../src/modules/runs/run-state.js';

/** An event of a run's stream, as a client reads it. */
export interface StreamedEvent {
  sequence: number;
  event: string;
  data: { id: string; status?: string };
}

type Kind = 'step' | 'message';

const ENDS: Record<Kind, string[]> = {
  step: ['completed', 'failed', 'cancelled', 'expired'],
  message: ['completed', 'incomplete'],
};

/** What a run's stream says of it, and what is wrong with that. */
export class RunHistory {
  readonly breaches: string[] = [];
  readonly statuses: RunStatus[] = [];
  readonly ids: Record<Kind, Set<string>> = { step: new Set(), message: new Set() };
  /** The text of each message, as its deltas sum up. */
  readonly texts = new Map<string, string>();
  private readonly ended = new Set<string>();

  constructor(events: readonly StreamedEvent[]) {
    for (const [index, event] of events.entries()) {
      if (event.sequence !== index + 1) this.breaches.push(`event ${index + 1} bears the number ${event.sequence}`);
      this.take(event);
    }
    this.finish();
  }

  private take({ event, data }: StreamedEvent): void {
    const last = this.statuses.at(-1);
    if (last !== undefined && isTerminal(last)) this.breaches.push(`${event} comes after ${last}`);
    const status = RUN_STATUSES.find((each) => event === `thread.run.${each}`);
    if (status !== undefined) this.takeStatus(status, data.status);
    else if (event.startsWith('thread.run.step.')) this.takeObject('step', event.slice(16), data);
    else if (event.startsWith('thread.message.')) this.takeObject('message', event.slice(15), data);
    else if (event !== 'thread.run.created' && event !== 'thread.created') this.breaches.push(`unknown: ${event}`);
  }

  private takeStatus(status: RunStatus, told: string | undefined): void {
    const last = this.statuses.at(-1);
    const isLegal = last === undefined ? status === 'queued' : canFollow(last, status);
    if (!isLegal) this.breaches.push(`${status} follows ${last ?? 'nothing'}`);
    if (told !== status) this.breaches.push(`the run in the event ${status} is ${told}`);
    this.statuses.push(status);
  }

  private takeObject(kind: Kind, name: string, data: StreamedEvent['data']): void {
    const ids = this.ids[kind];
    const isOpen = ids.has(data.id) && !this.ended.has(data.id);
    if (name === 'created' ? ids.has(data.id) : !isOpen) {
      this.breaches.push(`${kind}.${name} of ${data.id} is out of place`);
    }
    ids.add(data.id);
    if (ENDS[kind].includes(name)) this.ended.add(data.id);
    if (kind === 'message' && name === 'delta') {
      this.texts.set(data.id, (this.texts.get(data.id) ?? '') + textOfDelta(data));
    }
  }

  private finish(): void {
    const last = this.statuses.at(-1);
    if (last === undefined || !isTerminal(last)) this.breaches.push(`the stream stops at ${last ?? 'nothing'}`);
    for (const id of [...this.ids.step, ...this.ids.message]) {
      if (!this.ended.has(id)) this.breaches.push(`${id} is left open`);
    }
  }
}

function textOfDelta(data: unknown): string {
  const { delta } = data as { delta: { content?: { text?: { value?: string } }[] } };
  return (delta.content ?? []).map((part) => part.text?.value ?? '').join('');
}

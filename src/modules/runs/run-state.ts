import type { RunStatus } from '@libs/openai-wire';

/** Which status may follow which (openai-wire.md section 6). */
const NEXT: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ['in_progress', 'cancelling', 'cancelled', 'failed', 'expired'],
  in_progress: ['requires_action', 'completed', 'incomplete', 'failed', 'cancelling', 'expired'],
  requires_action: ['queued', 'cancelling', 'cancelled', 'expired'],
  // A run that was all but done when the cancel came may still end as what it had become.
  cancelling: ['cancelled', 'completed', 'failed', 'expired'],
  cancelled: [],
  failed: [],
  completed: [],
  incomplete: [],
  expired: [],
};

export const RUN_STATUSES = Object.keys(NEXT) as RunStatus[];

export function canFollow(from: RunStatus, to: RunStatus): boolean {
  return NEXT[from].includes(to);
}

/** Every status from which `to` may be reached: the guard of an UPDATE. */
export function statusesBefore(to: RunStatus): RunStatus[] {
  return RUN_STATUSES.filter((from) => canFollow(from, to));
}

export function isTerminal(status: RunStatus): boolean {
  return NEXT[status].length === 0;
}

/** While a run is active it holds its thread: no message and no other run is taken. */
export const ACTIVE_STATUSES = RUN_STATUSES.filter((status) => !isTerminal(status));

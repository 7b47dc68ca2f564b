/** Milliseconds, and failures in a row. */
export interface BreakerLimits {
  failures: number;
  openMs: number;
}

/**
 * Whether a server is worth asking. `closed`: yes. `open`: not before `until`. `probing`: one request is finding out; a
 * probe that never ends holds the others until `until`.
 */
export type BreakerState =
  { kind: 'closed'; failures: number } | { kind: 'open'; until: number } | { kind: 'probing'; until: number };

export const CLOSED: BreakerState = { kind: 'closed', failures: 0 };

export type BreakerEvent =
  /** A request is about to be sent. */
  | 'ask'
  | 'success'
  | 'failure'
  /** What the health check found. */
  | 'healthy'
  | 'unhealthy';

/** Whether a request may be sent. */
export function admits(state: BreakerState, now: number): boolean {
  return state.kind === 'closed' || now >= state.until;
}

/** The state after the event; pure. */
export function nextBreakerState(
  state: BreakerState,
  event: BreakerEvent,
  now: number,
  { failures, openMs }: BreakerLimits,
): BreakerState {
  const open: BreakerState = { kind: 'open', until: now + openMs };
  switch (event) {
    case 'ask':
      return state.kind === 'closed' || now < state.until ? state : { kind: 'probing', until: now + openMs };
    case 'success':
      return CLOSED;
    case 'failure': {
      if (state.kind !== 'closed') return open;
      const inARow = state.failures + 1;
      return inARow >= failures ? open : { kind: 'closed', failures: inARow };
    }
    case 'healthy':
      // It answers, which is no proof that it works: a request is let through to see.
      return state.kind === 'open' ? { kind: 'open', until: Math.min(state.until, now) } : state;
    case 'unhealthy':
      return open;
  }
}

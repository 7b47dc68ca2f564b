import type { ProbeResult, SandboxState } from '@libs/sandbox';
import type { SessionView } from '../sessions/sandbox-sessions.js';

/** A process in which code runs, or a sandbox host, with what lives there. */
export interface SandboxPlace {
  id: string;
  role: 'all' | 'api' | 'worker' | 'sandbox';
  provider: string;
  probe: ProbeResult;
  /** Undefined where no session can be had. */
  state: SandboxState | undefined;
  sessions: SessionView[];
}

export function placeToText(place: SandboxPlace): string {
  return JSON.stringify(place);
}

/** What another process of this installation has told: the same code wrote it, perhaps of another version. */
export function placeFromText(text: string): SandboxPlace {
  const place = JSON.parse(text) as SandboxPlace;
  const revive = (session: SessionView): SessionView => ({
    ...session,
    createdAt: new Date(session.createdAt),
    lastUsedAt: new Date(session.lastUsedAt),
  });
  return { ...place, sessions: place.sessions.map(revive) };
}

import type { AcquireRequest, SandboxSession } from '../ports/sandbox-provider.js';
import { Turns } from './turns.js';

/** Whose session it is. */
export type WorkspaceKey = Pick<AcquireRequest, 'tenantId' | 'workspaceId'>;

/** An interpreter of one workspace, from the wish for it until its end. */
export class KeptSession<Notes> {
  readonly createdAt = new Date();
  readonly turns = new Turns();
  lastUsedAt = this.createdAt;
  hasEnded = false;
  idleTimer: NodeJS.Timeout | undefined;

  constructor(
    readonly id: string,
    readonly key: WorkspaceKey,
    /** Rejects if there can be none. */
    readonly opening: Promise<SandboxSession>,
    /** What its users leave for the next of them. Belongs to whoever has the turn. */
    public notes: Notes,
  ) {
    // Whoever has the turn hears of it; there may be nobody.
    opening.catch(() => undefined);
  }
}

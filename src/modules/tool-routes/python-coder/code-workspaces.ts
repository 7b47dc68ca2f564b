import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { TenantScope } from '../../../common/principal.js';
import { SessionsService } from '../../sessions/index.js';
import type { CodeWorkspace } from '../../tools/index.js';

const PREFIX = 'pycode_';
const NO_HISTORY = { lastCall: () => Promise.resolve(null) };

/** A workspace that a client named. */
export interface NamedWorkspace extends CodeWorkspace {
  /** Notes that code ran in it. */
  noteCall(callId: string): Promise<void>;
}

/** Finds the workspaces that clients of `python_coder` mean by their names. */
@Injectable()
export class CodeWorkspaces {
  constructor(private readonly sessions: SessionsService) {}

  /** That of the project's chat session of this id, else the project's own of this name. It need not have been used. */
  async find(scope: TenantScope, name: string): Promise<NamedWorkspace> {
    const lastCall = await this.sessions.lastCodeCall(scope, name);
    if (lastCall === undefined) {
      return { id: workspaceIdOf(scope, name), history: NO_HISTORY, noteCall: () => Promise.resolve() };
    }
    return {
      id: name,
      history: { lastCall: () => Promise.resolve(lastCall) },
      noteCall: (callId) => this.sessions.noteCodeCall(scope, name, callId),
    };
  }
}

/**
 * Ids of workspaces are unique in the installation, and clients choose the names. A digest of project and name is that of
 * no other project, thread or session, whatever the name looks like.
 */
export function workspaceIdOf({ projectId }: TenantScope, name: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([projectId, name]))
    .digest('hex');
  return `${PREFIX}${digest}`;
}

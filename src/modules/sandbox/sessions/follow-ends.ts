import { Logger } from '@nestjs/common';
import { errorMessage, sleep } from '@libs/kernel';
import type { TenantScope } from '../../../common/principal.js';
import type { WorkspaceEnds } from '../../../events/workspace-ends.js';

const LISTEN_AGAIN_MS = 5_000;

const logger = new Logger('Sandbox');

/** Ends the sessions of workspaces that are no more, until the signal aborts. Never rejects. */
export async function followEnds(
  ends: WorkspaceEnds,
  signal: AbortSignal,
  endOf: (scope: TenantScope, workspaceId: string) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const { projectId, workspaceId } of ends.follow(signal)) await endOf({ projectId }, workspaceId);
    } catch (error) {
      logger.warn(`Deleted threads are not heard of: ${errorMessage(error)}`);
    }
    await sleep(LISTEN_AGAIN_MS, signal);
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { EventBus } from './event-bus.js';

/** A workspace whose thread was deleted. */
export interface EndedWorkspace {
  projectId: string;
  workspaceId: string;
}

const TOPIC = 'workspaces.ended';

/** Tells every process that a workspace is no more: whichever holds something for it lets go. */
@Injectable()
export class WorkspaceEnds {
  private readonly logger = new Logger('Events');

  constructor(private readonly bus: EventBus) {}

  /** Never rejects: the thread is deleted already, and whoever does not hear of it lets go when nobody comes back. */
  async announce(ended: EndedWorkspace): Promise<void> {
    try {
      await this.bus.publish(TOPIC, JSON.stringify(ended));
    } catch (error) {
      this.logger.warn(`The end of a workspace was not told: ${errorMessage(error)}`);
    }
  }

  /** Those that ended lately, then each as it ends, until the signal aborts. */
  async *follow(signal: AbortSignal): AsyncGenerator<EndedWorkspace> {
    for await (const { data } of this.bus.read(TOPIC, { after: 0, signal })) {
      yield JSON.parse(data) as EndedWorkspace;
    }
  }
}

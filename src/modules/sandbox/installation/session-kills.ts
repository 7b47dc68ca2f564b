import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { errorMessage, sleep } from '@libs/kernel';
import { EventBus } from '../../../events/event-bus.js';
import { SandboxSessions } from '../sessions/sandbox-sessions.js';

const TOPIC = 'sandbox-sessions.killed';
const LISTEN_AGAIN_MS = 5_000;

/** Tells every process that an administrator wants a session to end: the one that has it ends it. */
@Injectable()
export class SessionKills implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Sandbox');
  private readonly shutdown = new AbortController();

  constructor(
    private readonly bus: EventBus,
    private readonly sessions: SandboxSessions,
  ) {}

  onModuleInit(): void {
    void this.follow();
  }

  onApplicationShutdown(): void {
    this.shutdown.abort();
  }

  async announce(sessionId: string): Promise<void> {
    await this.bus.publish(TOPIC, sessionId);
  }

  private async follow(): Promise<void> {
    const { signal } = this.shutdown;
    while (!signal.aborted) {
      try {
        // Those of before this process began are of sessions that it never had.
        for await (const { data } of this.bus.read(TOPIC, { after: 0, signal })) await this.endOwn(data);
      } catch (error) {
        this.logger.warn(`Administrators are not heard of: ${errorMessage(error)}`);
      }
      await sleep(LISTEN_AGAIN_MS, signal);
    }
  }

  private async endOwn(sessionId: string): Promise<void> {
    if (this.sessions.list().some(({ id }) => id === sessionId)) await this.sessions.kill(sessionId);
  }
}

import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../common/config.token.js';
import { EventBus } from './event-bus.js';
import { InProcessEventBus } from './in-process-event-bus.js';
import { InProcessBoard, ProcessBoard } from './process-board.js';
import { RedisEventBus } from './redis-event-bus.js';
import { RedisProcessBoard } from './redis-process-board.js';
import { WorkspaceEnds } from './workspace-ends.js';

/** Ends every reading and the connections when the process ends. */
class EventsShutdown implements OnApplicationShutdown {
  constructor(
    @Inject(EventBus) private readonly bus: EventBus,
    @Inject(ProcessBoard) private readonly board: ProcessBoard,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.bus.close(), this.board.close()]);
  }
}

/** Gives everybody the EventBus: Redis Streams where REDIS_URL is set, else the memory of this process. */
@Global()
@Module({
  providers: [
    EventsShutdown,
    WorkspaceEnds,
    {
      provide: EventBus,
      inject: [CONFIG],
      useFactory: ({ REDIS_URL: url, REDIS_PREFIX: prefix }: Config) =>
        url === undefined ? new InProcessEventBus() : new RedisEventBus(url, `${prefix}:events`),
    },
    {
      provide: ProcessBoard,
      inject: [CONFIG],
      useFactory: ({ REDIS_URL: url, REDIS_PREFIX: prefix }: Config) =>
        url === undefined ? new InProcessBoard() : new RedisProcessBoard(url, `${prefix}:sandboxes`),
    },
  ],
  exports: [EventBus, ProcessBoard, WorkspaceEnds],
})
export class EventsModule {}

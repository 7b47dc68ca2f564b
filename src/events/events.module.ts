import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../common/config.token.js';
import { EventBus } from './event-bus.js';
import { InProcessEventBus } from './in-process-event-bus.js';
import { RedisEventBus } from './redis-event-bus.js';

/** Ends every reading and the connections when the process ends. */
class EventsShutdown implements OnApplicationShutdown {
  constructor(@Inject(EventBus) private readonly bus: EventBus) {}

  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
  }
}

/** Gives everybody the EventBus: Redis Streams where REDIS_URL is set, else the memory of this process. */
@Global()
@Module({
  providers: [
    EventsShutdown,
    {
      provide: EventBus,
      inject: [CONFIG],
      useFactory: (config: Config) =>
        config.REDIS_URL === undefined ? new InProcessEventBus() : new RedisEventBus(config.REDIS_URL),
    },
  ],
  exports: [EventBus],
})
export class EventsModule {}

import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Config } from '@config';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { CONFIG } from '../../common/config.token.js';
import { closeClient, createCommandClient } from '../../common/redis-clients.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { REQUEST_LIMITER, RequestLimits } from './request-limits.js';

const SECONDS_PER_WINDOW = 60;
const LIMITER_CLIENT = Symbol('LIMITER_CLIENT');

function createLimiter(config: Config, client: Redis | null): RateLimiterAbstract | null {
  const points = config.RATE_LIMIT_REQUESTS_PER_MINUTE;
  if (points === 0) return null;
  const options = { points, duration: SECONDS_PER_WINDOW, keyPrefix: `${config.REDIS_PREFIX}:requests` };
  return client ? new RateLimiterRedis({ ...options, storeClient: client }) : new RateLimiterMemory(options);
}

/** Imported after authentication: guards stand in the order of their modules. */
@Module({
  providers: [
    {
      provide: LIMITER_CLIENT,
      inject: [CONFIG],
      useFactory: ({ REDIS_URL: url, RATE_LIMIT_REQUESTS_PER_MINUTE: limit }: Config): Redis | null =>
        url === undefined || limit === 0 ? null : createCommandClient(url),
    },
    { provide: REQUEST_LIMITER, inject: [CONFIG, LIMITER_CLIENT], useFactory: createLimiter },
    RequestLimits,
    { provide: APP_GUARD, useClass: RateLimitGuard },
  ],
})
export class RateLimitModule implements OnApplicationShutdown {
  constructor(@Inject(LIMITER_CLIENT) private readonly client: Redis | null) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.client) await closeClient(this.client);
  }
}

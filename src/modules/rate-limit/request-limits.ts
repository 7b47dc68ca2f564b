import { Inject, Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { RateLimitState } from './rate-limit.headers.js';

/** Injects the limiter, or null where no limit is set. */
export const REQUEST_LIMITER = Symbol('REQUEST_LIMITER');

/** Whether a request is refused, and where its project stands; null where that is not known. */
export interface RequestCount {
  state: RateLimitState | null;
  refused: boolean;
}

/** Counts the requests of each project: each request once, however often it is asked about. */
@Injectable()
export class RequestLimits {
  private readonly logger = new Logger('RateLimit');
  private readonly counted = new WeakMap<object, Promise<RequestCount>>();

  constructor(@Inject(REQUEST_LIMITER) private readonly limiter: RateLimiterAbstract | null) {}

  /** Null where no limit is set. */
  count(request: object, projectId: string): Promise<RequestCount> | null {
    const { limiter } = this;
    if (!limiter) return null;
    const known = this.counted.get(request);
    if (known) return known;
    const count = this.consume(limiter, projectId);
    this.counted.set(request, count);
    return count;
  }

  /** A limiter that cannot be asked lets everything through: a lost Redis must not take the API down. */
  private async consume(limiter: RateLimiterAbstract, projectId: string): Promise<RequestCount> {
    try {
      return { state: toState(limiter, await limiter.consume(projectId)), refused: false };
    } catch (error) {
      if (error instanceof RateLimiterRes) return { state: toState(limiter, error), refused: true };
      this.logger.warn(`Requests are not limited for now: ${errorMessage(error)}`);
      return { state: null, refused: false };
    }
  }
}

function toState(limiter: RateLimiterAbstract, result: RateLimiterRes): RateLimitState {
  return { limit: limiter.points, remaining: result.remainingPoints, resetMs: result.msBeforeNext };
}

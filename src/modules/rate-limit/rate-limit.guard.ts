import { Inject, Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { WireError } from '@libs/openai-wire';
import type { Response } from 'express';
import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { AuthenticatedRequest } from '../../common/marks.js';
import { rateLimitHeaders, type RateLimitState } from './rate-limit.headers.js';

/** Injects the limiter, or null where no limit is set. */
export const REQUEST_LIMITER = Symbol('REQUEST_LIMITER');

/** Counts the requests of each project and refuses those beyond its minute. Stands behind authentication. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly logger = new Logger('RateLimit');

  constructor(@Inject(REQUEST_LIMITER) private readonly limiter: RateLimiterAbstract | null) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { limiter } = this;
    const principal = context.switchToHttp().getRequest<Partial<AuthenticatedRequest>>().principal;
    if (!limiter || !principal) return true;
    const response = context.switchToHttp().getResponse<Response>();
    const { state, refused } = await this.consume(limiter, principal.projectId);
    if (!state) return true;
    response.set(rateLimitHeaders(state));
    if (refused) throw limitReached(state);
    return true;
  }

  /** A limiter that cannot be asked lets everything through: a lost Redis must not take the API down. */
  private async consume(
    limiter: RateLimiterAbstract,
    projectId: string,
  ): Promise<{ state: RateLimitState | null; refused: boolean }> {
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

function limitReached({ limit, resetMs }: RateLimitState): WireError {
  const seconds = Math.max(Math.ceil(resetMs / 1000), 1);
  return new WireError(429, `Rate limit reached: ${limit} requests per minute. Please try again in ${seconds}s.`, {
    type: 'requests',
    code: 'rate_limit_exceeded',
    headers: { 'retry-after': String(seconds) },
  });
}

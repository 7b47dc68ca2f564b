import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { WireError } from '@libs/openai-wire';
import type { Response } from 'express';
import type { AuthenticatedRequest } from '../../common/marks.js';
import { rateLimitHeaders, type RateLimitState } from './rate-limit.headers.js';
import { RequestLimits } from './request-limits.js';

/** Refuses the requests of a project beyond its minute. Stands behind authentication. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limits: RequestLimits) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Partial<AuthenticatedRequest>>();
    const count = request.principal && (await this.limits.count(request, request.principal.projectId));
    if (!count?.state) return true;
    const response = context.switchToHttp().getResponse<Response>();
    if (!response.headersSent) response.set(rateLimitHeaders(count.state));
    if (count.refused) throw limitReached(count.state);
    return true;
  }
}

function limitReached({ limit, resetMs }: RateLimitState): WireError {
  const seconds = Math.max(Math.ceil(resetMs / 1000), 1);
  return new WireError(429, `Rate limit reached: ${limit} requests per minute. Please try again in ${seconds}s.`, {
    type: 'requests',
    code: 'rate_limit_exceeded',
    headers: { 'retry-after': String(seconds) },
  });
}

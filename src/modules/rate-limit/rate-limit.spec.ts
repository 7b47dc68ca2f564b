import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { RateLimitGuard } from './rate-limit.guard.js';
import { rateLimitHeaders, toDuration } from './rate-limit.headers.js';
import { RequestLimits } from './request-limits.js';

describe('toDuration', () => {
  it.each([
    [0, '0ms'],
    [850, '850ms'],
    [999.4, '999ms'],
    [1000, '1s'],
    [1001, '2s'],
    [59_000, '59s'],
    [60_000, '1m0s'],
    [-5, '0ms'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(toDuration(milliseconds)).toBe(text);
  });
});

function requestOf(projectId: string | null): { context: ExecutionContext; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  const request = projectId === null ? {} : { principal: { projectId } };
  const http = {
    getRequest: () => request,
    getResponse: () => ({ set: (more: object) => Object.assign(headers, more) }),
  };
  return { context: { switchToHttp: () => http } as unknown as ExecutionContext, headers };
}

const guardWith = (limiter: RateLimiterMemory | null): RateLimitGuard => new RateLimitGuard(new RequestLimits(limiter));

describe('RateLimitGuard', () => {
  it('counts each project by itself and refuses what is beyond', async () => {
    const guard = guardWith(new RateLimiterMemory({ points: 2, duration: 60 }));
    const first = requestOf('proj_a');
    await guard.canActivate(first.context);
    expect(first.headers).toMatchObject(rateLimitHeaders({ limit: 2, remaining: 1, resetMs: 60_000 }));
    await guard.canActivate(requestOf('proj_a').context);
    await expect(guard.canActivate(requestOf('proj_a').context)).rejects.toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) as unknown as string },
    });
    expect(await guard.canActivate(requestOf('proj_b').context)).toBe(true);
  });

  it('counts nothing of public routes, and nothing without a limit', async () => {
    const anonymous = requestOf(null);
    const guard = guardWith(new RateLimiterMemory({ points: 1, duration: 60 }));
    expect(await guard.canActivate(anonymous.context)).toBe(true);
    expect(await guardWith(null).canActivate(requestOf('proj_a').context)).toBe(true);
    expect(anonymous.headers).toEqual({});
  });

  it('lets everything through while the limiter cannot be asked', async () => {
    const limiter = new RateLimiterMemory({ points: 1, duration: 60 });
    limiter.consume = () => Promise.reject(new Error('Redis is away'));
    expect(await guardWith(limiter).canActivate(requestOf('proj_a').context)).toBe(true);
  });

  it('counts a request once, however often it is asked', async () => {
    const guard = guardWith(new RateLimiterMemory({ points: 1, duration: 60 }));
    const { context } = requestOf('proj_a');
    expect([await guard.canActivate(context), await guard.canActivate(context)]).toEqual([true, true]);
  });
});

export { rateLimitHeaders } from './rate-limit.headers.js';
export { RateLimitModule } from './rate-limit.module.js';
export { RequestLimits } from './request-limits.js';

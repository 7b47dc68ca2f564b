import { ModelError, type ModelErrorKind } from '../ports/model-error.js';
import { retryDelay } from './retry-policy.js';

const always = (): number => 1;

describe('retryDelay', () => {
  it.each<[ModelErrorKind, number | undefined, boolean]>([
    ['unavailable', undefined, true],
    ['rate_limited', 429, true],
    ['failed', 500, true],
    ['failed', undefined, false],
    ['timeout', undefined, false],
    ['rejected', 400, false],
    ['model_not_found', 404, false],
    ['aborted', undefined, false],
  ])('after %s with status %p another try is worth it: %p', (kind, status, expected) => {
    const error = new ModelError(kind, '', status === undefined ? {} : { status });
    expect(retryDelay(error, 0, 1, always) !== undefined).toBe(expected);
  });

  it('doubles up to a limit, and stops after the last try', () => {
    const error = new ModelError('unavailable', '');
    const delays = [0, 1, 2, 3, 4, 5, 6].map((attempt) => retryDelay(error, attempt, 6, always));
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 8000, undefined]);
    expect(retryDelay(error, 2, 6, () => 0.25)).toBe(500);
    expect(retryDelay(error, 0, 0, always)).toBeUndefined();
  });

  it.each([
    [0, 0],
    [1500, 1500],
    [60_000, 60_000],
    [60_001, undefined],
  ])('waits as long as the server asks (%p ms: %p)', (retryAfterMs, expected) => {
    expect(retryDelay(new ModelError('rate_limited', '', { retryAfterMs }), 0, 1, always)).toBe(expected);
  });
});

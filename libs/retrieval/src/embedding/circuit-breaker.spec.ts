import { CircuitBreaker } from './circuit-breaker.js';

const SECOND = 1000;

describe('CircuitBreaker', () => {
  it('opens for longer with each failure, ten minutes at most, and closes with a success', () => {
    let now = 0;
    const breaker = new CircuitBreaker({ now: () => now });
    expect(breaker.isOpen).toBe(false);
    for (const seconds of [60, 120, 240, 480, 600, 600]) {
      breaker.failed();
      now += seconds * SECOND - 1;
      expect(breaker.isOpen).toBe(true);
      now += 1;
      expect(breaker.isOpen).toBe(false);
    }
    breaker.failed();
    breaker.succeeded();
    expect(breaker.isOpen).toBe(false);
    breaker.failed();
    now += 60 * SECOND;
    expect(breaker.isOpen).toBe(false);
  });
});

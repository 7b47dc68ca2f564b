import { admits, CLOSED, nextBreakerState, type BreakerEvent, type BreakerState } from './circuit-breaker.js';

const LIMITS = { failures: 2, openMs: 100 };

/** The state after the events, each at its time. */
function after(...events: [time: number, event: BreakerEvent][]): BreakerState {
  return events.reduce((state, [time, event]) => nextBreakerState(state, event, time, LIMITS), CLOSED);
}

describe('the circuit breaker', () => {
  it.each<[string, [number, BreakerEvent][], number, boolean]>([
    ['is closed at first', [], 0, true],
    ['bears one failure', [[0, 'failure']], 1, true],
    [
      'opens at the second in a row',
      [
        [0, 'failure'],
        [0, 'failure'],
      ],
      99,
      false,
    ],
    [
      'forgets failures at a success',
      [
        [0, 'failure'],
        [0, 'success'],
        [0, 'failure'],
      ],
      1,
      true,
    ],
    [
      'lets a request through after its time',
      [
        [0, 'failure'],
        [0, 'failure'],
      ],
      100,
      true,
    ],
    [
      'holds the others while one tries',
      [
        [0, 'failure'],
        [0, 'failure'],
        [100, 'ask'],
      ],
      101,
      false,
    ],
    [
      'lets another try where the first never ends',
      [
        [0, 'failure'],
        [0, 'failure'],
        [100, 'ask'],
      ],
      200,
      true,
    ],
    [
      'closes when the try succeeds',
      [
        [0, 'failure'],
        [0, 'failure'],
        [100, 'ask'],
        [101, 'success'],
      ],
      102,
      true,
    ],
    [
      'opens again at once when it fails',
      [
        [0, 'failure'],
        [0, 'failure'],
        [100, 'ask'],
        [101, 'failure'],
      ],
      200,
      false,
    ],
    ['opens when the server is found ill', [[0, 'unhealthy']], 99, false],
    [
      'lets a request through when it is found well',
      [
        [0, 'unhealthy'],
        [50, 'healthy'],
      ],
      50,
      true,
    ],
    [
      'does not mind health while closed',
      [
        [0, 'failure'],
        [0, 'healthy'],
        [0, 'failure'],
      ],
      1,
      false,
    ],
  ])('%s', (_title, events, now, expected) => {
    expect(admits(after(...events), now)).toBe(expected);
  });

  it('does not count a health check as a success', () => {
    expect(after([0, 'unhealthy'], [50, 'healthy']).kind).toBe('open');
  });
});

import { GrowingPause } from './growing-pause.js';

const SECOND = 1000;

describe('GrowingPause', () => {
  it('is on for longer with each failure, ten minutes at most, and over with a success', () => {
    let now = 0;
    const pause = new GrowingPause({ now: () => now });
    expect(pause.isOn).toBe(false);
    for (const seconds of [60, 120, 240, 480, 600, 600]) {
      pause.failed();
      now += seconds * SECOND - 1;
      expect(pause.isOn).toBe(true);
      now += 1;
      expect(pause.isOn).toBe(false);
    }
    pause.failed();
    pause.succeeded();
    expect(pause.isOn).toBe(false);
    pause.failed();
    now += 60 * SECOND;
    expect(pause.isOn).toBe(false);
  });
});

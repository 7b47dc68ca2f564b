import type { Site } from './site.js';
import { candidates, orderOf, type Target } from './target.js';

interface Described {
  name: string;
  priority?: number;
  weight?: number;
  isFull?: boolean;
  admits?: boolean;
}

function targetOf({ name, priority = 1, weight = 1, isFull = false, admits = true }: Described): Target {
  const site = { slots: { areAllTaken: isFull }, admits } as unknown as Site;
  return { site, model: name, priority, weight };
}

const namesOf = (targets: readonly Target[]): string[] => targets.map(({ model }) => model);
/** The same numbers again and again, as far as the targets go. */
function cycle(...numbers: number[]): () => number {
  let next = 0;
  return () => numbers[next++ % numbers.length] ?? 0;
}

describe('orderOf', () => {
  it.each<[string, Described[], string[]]>([
    [
      'by priority, whatever the weight',
      [
        { name: 'b', priority: 2, weight: 9 },
        { name: 'a', weight: 0.1 },
      ],
      ['a', 'b'],
    ],
    [
      'full ones last, whatever their priority',
      [
        { name: 'a', isFull: true },
        { name: 'b', priority: 5 },
      ],
      ['b', 'a'],
    ],
    [
      'full ones by priority among themselves',
      [
        { name: 'b', isFull: true, priority: 2 },
        { name: 'a', isFull: true },
      ],
      ['a', 'b'],
    ],
  ])('%s', (_title, described, expected) => {
    expect(namesOf(orderOf(described.map(targetOf), () => 0.5))).toEqual(expected);
  });

  it('shuffles those of one priority by their draws', () => {
    const targets = [{ name: 'a' }, { name: 'b' }, { name: 'c' }].map(targetOf);
    expect(namesOf(orderOf(targets, cycle(0.1, 0.9, 0.5)))).toEqual(['b', 'c', 'a']);
  });

  it('gives each its share of the requests by weight', () => {
    const targets = [
      { name: 'light', weight: 1 },
      { name: 'heavy', weight: 3 },
    ].map(targetOf);
    const steps = 100;
    let heavyFirst = 0;
    // Every pair of draws on a grid, in place of chance.
    for (let one = 0; one < steps; one += 1) {
      for (let other = 0; other < steps; other += 1) {
        const [first] = orderOf(targets, cycle((one + 0.5) / steps, (other + 0.5) / steps));
        if (first?.model === 'heavy') heavyFirst += 1;
      }
    }
    expect(heavyFirst / steps ** 2).toBeCloseTo(0.75, 2);
  });
});

describe('candidates', () => {
  it.each<[string, Described[], string[]]>([
    [
      'leave out who is not worth asking',
      [
        { name: 'a', admits: false },
        { name: 'b', priority: 2 },
      ],
      ['b'],
    ],
    [
      'are all where none is worth asking',
      [
        { name: 'a', admits: false },
        { name: 'b', priority: 2, admits: false },
      ],
      ['a', 'b'],
    ],
  ])('%s', (_title, described, expected) => {
    expect(namesOf(candidates(described.map(targetOf), () => 0.5))).toEqual(expected);
  });
});

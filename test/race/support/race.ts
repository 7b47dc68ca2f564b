import { seededRandom } from './random.js';

/** The attempts that run at the same time: of a few not all, so that the later ones can aim by what the earlier ones hit. */
const MOST_AT_ONCE = 24;
const ROUNDS = 5;

/**
 * How often each race is run: those between a run's cancel, expiry or twofold submit and its end, and the further ones,
 * which show every outcome in fewer attempts.
 */
export interface RaceCounts {
  main: number;
  further: number;
}

/** Runs one attempt `count` times, many at once, each with random numbers of its own that depend on nothing but its place. */
export async function race<Result>(
  count: number,
  attempt: (random: () => number, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await attempt(seededRandom(index), index);
  };
  await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, Math.ceil(count / ROUNDS)) }, work));
  return results;
}

/** How often each value occurs, such as `completed 120, cancelled 80`. */
export function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([value, count]) => `${value} ${count}`)
    .join(', ');
}

/** Past Jest's own reporter, which would put a stack trace below each line. */
export function report(title: string, values: readonly string[]): void {
  process.stderr.write(`${title}: ${tally(values)}\n`);
}

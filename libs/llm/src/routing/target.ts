import type { Site } from './site.js';

/** Where a model is served. */
export interface Target {
  readonly site: Site;
  /** As that server names it. */
  readonly model: string;
  readonly priority: number;
  readonly weight: number;
}

/**
 * The targets in the order in which they are asked: by priority, within it at random by weight, and those whose server
 * is at its limit behind all others. The random order is that of Efraimidis and Spirakis
 * (https://doi.org/10.1016/j.ipl.2005.11.003): by random^(1/weight). `random` is in [0, 1).
 */
export function orderOf(targets: readonly Target[], random: () => number): Target[] {
  const drawn = targets.map((target) => ({
    target,
    isFull: target.site.slots.areAllTaken ? 1 : 0,
    key: random() ** (1 / target.weight),
  }));
  drawn.sort(
    (one, other) => one.isFull - other.isFull || one.target.priority - other.target.priority || other.key - one.key,
  );
  return drawn.map(({ target }) => target);
}

/** As `orderOf`, without those that are not worth asking, unless none is: a refusal would be no better than a try. */
export function candidates(targets: readonly Target[], random: () => number): Target[] {
  const ordered = orderOf(targets, random);
  const worthAsking = ordered.filter(({ site }) => site.admits);
  return worthAsking.length > 0 ? worthAsking : ordered;
}

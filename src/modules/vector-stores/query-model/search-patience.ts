const MS_PER_SECOND = 1000;

/**
 * Ends with the search, or when a model that helps it has had its time: a model server that says nothing would
 * otherwise hold a search up for as long as it may hold up a run.
 */
export function withPatience(signal: AbortSignal | undefined, seconds: number): AbortSignal {
  const patience = AbortSignal.timeout(seconds * MS_PER_SECOND);
  return signal === undefined ? patience : AbortSignal.any([signal, patience]);
}

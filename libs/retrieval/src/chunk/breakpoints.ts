/**
 * Which units are less like the next one than most are: the indexes, ascending, of units after which to cut.
 *
 * @param vectors one for each unit, of any length
 * @param percentile 0–100: how many of the distances between neighbours are too small to cut at
 */
export function breakpoints(vectors: readonly Float32Array[], percentile: number): number[] {
  const distances = vectors.slice(1).map((vector, index) => 1 - cosine(vectors[index] ?? vector, vector));
  if (distances.length === 0) return [];
  const sorted = Float64Array.from(distances).sort();
  const rank = Math.ceil((Math.min(100, Math.max(0, percentile)) / 100) * sorted.length) - 1;
  const threshold = rank < 0 ? -Infinity : (sorted[rank] ?? Infinity);
  return distances.flatMap((distance, index) => (distance > threshold ? [index] : []));
}

/** Vectors without a direction are like everything. */
function cosine(left: Float32Array, right: Float32Array): number {
  let product = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (let index = 0; index < left.length; index += 1) {
    const a = left[index] ?? 0;
    const b = right[index] ?? 0;
    product += a * b;
    leftSquares += a * a;
    rightSquares += b * b;
  }
  const lengths = Math.sqrt(leftSquares * rightSquares);
  return lengths === 0 ? 1 : product / lengths;
}

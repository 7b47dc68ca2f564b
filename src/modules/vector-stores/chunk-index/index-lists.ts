/** One list for so many rows, as pgvector's README has it. */
const ROWS_A_LIST = 1000;
/** How many times as many rows, or as few, an index bears before its lists no longer fit. */
const GROWTH = 2;

/** Lists of an IVF index over so many vectors. */
export function listsFor(vectors: number): number {
  return Math.max(1, Math.ceil(vectors / ROWS_A_LIST));
}

/** Whether so many vectors have come or gone since an index of these lists was built that it is to be built anew. */
export function hasOutgrown(lists: number, vectors: number): boolean {
  const wanted = listsFor(vectors);
  return wanted > GROWTH * lists || lists > GROWTH * wanted;
}

import { shareOf } from '../postings/impact.js';
import type { Postings, Range } from '../postings/postings.js';
import type { TopChunks } from '../top-chunks.js';
import { ADMITTED, HIDDEN, known, SEEN, type RankedStore, type StorePostings } from './ranked-store.js';

/** Numbers for each living chunk from which a store is sparse: four bytes each are well spent on a loop without a look-up. */
const CHURN = 8;
/** And at least: less memory than that is not worth the time. */
const LEAST_NUMBERS = 65_536;
/** Chunks whose scores lie together: most files have fewer. */
const PAGE_BITS = 8;
const PAGE = 1 << PAGE_BITS;

/** Whether most of the numbers that the store gave out are of chunks that are gone. Numbers are given out once. */
export function isChurned({ size, chunks }: StorePostings): boolean {
  return size > LEAST_NUMBERS && size > CHURN * chunks;
}

/** A store with places only around the chunks that have a term of the search, whatever numbers it has given out. */
export function sparseStore(store: StorePostings): RankedStore {
  const stateOf = statesOf(store);
  return {
    holders: (term) => {
      const postings = store.postings.get(term);
      if (postings === undefined) return 0;
      let holders = 0;
      for (const chunk of postings.chunks.subarray(0, known(postings, store.size))) {
        if (stateOf(chunk) !== HIDDEN) holders += 1;
      }
      return holders;
    },
    rank: (terms, top) => {
      const pages = new Map<number, Float32Array>();
      for (const { term, worth } of terms) addWorth(pages, store, store.postings.get(term), worth);
      collect(top, store.store, pages, stateOf);
    },
  };
}

function addWorth(
  pages: Map<number, Float32Array>,
  { size }: StorePostings,
  postings: Postings | undefined,
  worth: number,
): void {
  if (postings === undefined) return;
  const { chunks, impacts } = postings;
  const step = worth * shareOf(1);
  let number = -1;
  let page: Float32Array = new Float32Array();
  for (let at = 0, count = known(postings, size); at < count; at += 1) {
    const chunk = chunks[at] ?? 0;
    if (chunk >>> PAGE_BITS !== number) {
      number = chunk >>> PAGE_BITS;
      page = pages.get(number) ?? new Float32Array(PAGE);
      pages.set(number, page);
    }
    const place = chunk & (PAGE - 1);
    page[place] = (page[place] ?? 0) + step * (impacts[at] ?? 0);
  }
}

function collect(
  top: TopChunks,
  store: number,
  pages: ReadonlyMap<number, Float32Array>,
  stateOf: (chunk: number) => number,
): void {
  let { floor } = top;
  for (const [number, page] of [...pages].sort(([one], [other]) => one - other)) {
    for (let place = 0; place < PAGE; place += 1) {
      const score = page[place] ?? 0;
      const chunk = number * PAGE + place;
      if (score <= floor || stateOf(chunk) !== ADMITTED) continue;
      top.add({ store, chunk, score });
      ({ floor } = top);
    }
  }
}

function statesOf({ hidden, admitted }: StorePostings): (chunk: number) => number {
  const isHidden = within(hidden);
  const isAdmitted = admitted === null ? () => true : within(admitted);
  return (chunk) => {
    if (isHidden(chunk)) return HIDDEN;
    return isAdmitted(chunk) ? ADMITTED : SEEN;
  };
}

/** Ranges are of files, and apart from one another. */
function within(ranges: readonly Range[]): (chunk: number) => boolean {
  const sorted = [...ranges].sort((one, other) => one.start - other.start);
  return (chunk) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.end ?? 0) <= chunk) low = middle + 1;
      else high = middle;
    }
    return (sorted[low]?.start ?? Infinity) <= chunk;
  };
}

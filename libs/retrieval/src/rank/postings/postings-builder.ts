import { SketchBuilder, type Sketch } from '../sketch.js';
import { visitWords } from '../words/index.js';
import { impactOf } from './impact.js';
import { encodeRun } from './postings.js';

/** Marks a term of a chunk's surroundings, which are its file's name and its headings. No term of a text begins so. */
const CONTEXT_MARK = '#';

/** The form under which a term is kept that stands in the file's name or in the headings above a chunk. */
export function contextTerm(term: string): string {
  return CONTEXT_MARK + term;
}

export interface TermPostings {
  term: string;
  data: Buffer;
}

/** Gathers the postings of chunks that are written together. */
export class PostingsBuilder {
  private readonly entries = new Map<string, number[]>();

  /** @param base the number of the first chunk in its store */
  constructor(private readonly base: number) {}

  /** Chunks come by rising number. Gives where the text's terms stand in it. */
  add(chunk: number, text: string, context: readonly string[]): Sketch {
    const sketch = new SketchBuilder();
    const inText = new TermCounts();
    visitWords(text, (term, start) => {
      inText.add(term);
      sketch.add(term, start);
    });
    const inContext = new TermCounts();
    for (const part of context) visitWords(part, (term) => inContext.add(contextTerm(term)));
    for (const { counts, length } of [inText, inContext]) {
      for (const [term, count] of counts) this.push(term, chunk, impactOf(count, length));
    }
    return sketch.build();
  }

  build(): TermPostings[] {
    return [...this.entries].map(([term, entries]) => ({ term, data: encodeRun(this.base, entries) }));
  }

  private push(term: string, chunk: number, impact: number): void {
    const entries = this.entries.get(term);
    if (entries === undefined) this.entries.set(term, [chunk, impact]);
    else entries.push(chunk, impact);
  }
}

class TermCounts {
  readonly counts = new Map<string, number>();
  length = 0;

  add(term: string): void {
    this.counts.set(term, (this.counts.get(term) ?? 0) + 1);
    this.length += 1;
  }
}

import { hashOf, SketchBuilder, type Sketch } from '../sketch.js';
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

/** A term in the chunks so far, and how often it was met in the part that is being read. */
interface Entry {
  hash: number;
  count: number;
  /** Chunk and impact in turns. */
  values: number[];
}

/** Gathers the postings of chunks that are written together. */
export class PostingsBuilder {
  private readonly entries = new Map<string, Entry>();
  private readonly contextEntries = new Map<string, Entry>();

  /** @param base the number of the first chunk in its store */
  constructor(private readonly base: number) {}

  /** Chunks come by rising number. Gives where the text's terms stand in it. */
  add(chunk: number, text: string, context: readonly string[]): Sketch {
    const sketch = new SketchBuilder();
    const inText = new PartCounts(this.entries);
    visitWords(text, (term, start) => sketch.add(inText.add(term), start));
    inText.note(chunk);
    const inContext = new PartCounts(this.contextEntries);
    for (const part of context) visitWords(part, (term) => inContext.add(term));
    inContext.note(chunk);
    return sketch.build();
  }

  build(): TermPostings[] {
    return [
      ...Array.from(this.entries, ([term, entry]) => this.postingsOf(term, entry)),
      ...Array.from(this.contextEntries, ([term, entry]) => this.postingsOf(contextTerm(term), entry)),
    ];
  }

  private postingsOf(term: string, { values }: Entry): TermPostings {
    return { term, data: encodeRun(this.base, values) };
  }
}

/** The terms of a chunk's text, or of its surroundings. One look-up a word: this is what ingestion spends its time on. */
class PartCounts {
  private readonly met: Entry[] = [];
  private length = 0;

  constructor(private readonly entries: Map<string, Entry>) {}

  /** Gives the term's hash. */
  add(term: string): number {
    let entry = this.entries.get(term);
    if (entry === undefined) {
      entry = { hash: hashOf(term), count: 0, values: [] };
      this.entries.set(term, entry);
    }
    if (entry.count === 0) this.met.push(entry);
    entry.count += 1;
    this.length += 1;
    return entry.hash;
  }

  note(chunk: number): void {
    for (const entry of this.met) {
      entry.values.push(chunk, impactOf(entry.count, this.length));
      entry.count = 0;
    }
  }
}

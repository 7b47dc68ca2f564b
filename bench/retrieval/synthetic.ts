import type { Chunk } from '@libs/retrieval';

const CHUNK_LENGTH = 3400;
const RARE_WORDS = 200_000;
const RARE_SHARE = 0.5;

/** Chunks made of the corpora's own sentences in random order, with rare words between them; the same for a seed. */
export class SyntheticChunks {
  private readonly sentences: string[];

  constructor(
    texts: readonly string[],
    private state: number,
  ) {
    this.sentences = texts
      .join('\n')
      .split(/(?<=[.!?])\s+/)
      .filter(({ length }) => length > 20);
  }

  make(count: number): Chunk[] {
    let start = 0;
    return Array.from({ length: count }, (_, index) => {
      const text = this.text();
      const chunk = { index, text, start, end: start + text.length, tokens: 800, page: null, headings: [] };
      // Half of a chunk is in the next one, too.
      start += Math.floor(text.length / 2);
      return chunk;
    });
  }

  private text(): string {
    let text = '';
    while (text.length < CHUNK_LENGTH) {
      text += `${this.sentences[Math.floor(this.random() * this.sentences.length)] ?? ''} `;
      if (this.random() < RARE_SHARE) text += `w${Math.floor(this.random() ** 3 * RARE_WORDS).toString(36)} `;
    }
    return text;
  }

  /** A linear congruential generator (Numerical Recipes), from 0 to 1. */
  private random(): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.state / 2 ** 32;
  }
}

import type { SearchResult } from '../events.js';
import { citationToken } from './citation-token.js';
import { containsQuote } from './quotes.js';

/** A passage as a search gave it, before it has a number. */
export type FoundPassage = Omit<SearchResult, 'number'>;

/** Something that the model has read and may cite. */
export interface Source {
  number: number;
  fileId: string;
  filename: string;
  text: string;
  /** How messages show a citation of it. */
  token: string;
}

/** What a run has found so far, in the numbers by which the model cites it. */
export class SourceList {
  private readonly sources: Source[] = [];
  private readonly byPassage = new Map<string, Source>();
  private readonly byToken = new Map<string, Source>();
  private searches = 0;

  get isEmpty(): boolean {
    return this.sources.length === 0;
  }

  /** Numbers what a search found. A passage that was found before keeps its number. */
  add(passages: readonly FoundPassage[]): SearchResult[] {
    const search = this.searches++;
    return passages.map((passage, place) => {
      const source = this.byPassage.get(passage.passage) ?? this.register(passage, search, place);
      return { ...passage, number: source.number };
    });
  }

  byNumber(number: number): Source | undefined {
    return this.sources[number - 1];
  }

  /** By the two numbers of the token that messages show, such as `4:0`. */
  byPlace(place: string): Source | undefined {
    return this.byToken.get(place);
  }

  /** The first passage of the file that the name means, in any case of letters. */
  byFilename(name: string): Source | undefined {
    const wanted = name.trim().toLowerCase();
    return wanted === '' ? undefined : this.sources.find(({ filename }) => filename.toLowerCase() === wanted);
  }

  /** The first source in which the words stand. */
  containing(quote: string): Source | undefined {
    return this.sources.find(({ text }) => containsQuote(text, quote));
  }

  private register(passage: FoundPassage, search: number, place: number): Source {
    const { fileId, filename, text } = passage;
    const number = this.sources.length + 1;
    const source = { number, fileId, filename, text, token: citationToken(search, place, filename) };
    this.sources.push(source);
    this.byPassage.set(passage.passage, source);
    this.byToken.set(`${search}:${place}`, source);
    return source;
  }
}

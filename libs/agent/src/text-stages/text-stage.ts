import type { Annotation, WebPage } from '../events.js';

/** What an annotation says besides its text and its place. */
export type TextMark =
  | { type: 'file_path'; fileId: string }
  /** `quote`: words of the source, checked to be in it; empty where the model gave none. */
  | { type: 'file_citation'; fileId: string; quote: string }
  | ({ type: 'url_citation' } & WebPage);

/** A piece of a message's text; marked, it is an annotation's whole text. Never empty. */
export interface MarkedText {
  text: string;
  mark?: TextMark;
}

/** Finds marks in a text that arrives in pieces. What may still become one is held back. */
export interface TextStage {
  push(fragment: string): MarkedText[];
  /** What was held back, at the end of the text. */
  flush(): MarkedText[];
}

export interface AnnotatedText {
  text: string;
  annotations: Annotation[];
}

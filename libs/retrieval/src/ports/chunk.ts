import type { ParsedDocument } from './document.js';

/** A piece of a document as it is searched and cited: `document.text.slice(start, end) === text`. */
export interface Chunk {
  /** From 0, in the document's order. */
  index: number;
  text: string;
  /** UTF-16 offsets into the document's text, end exclusive. */
  start: number;
  end: number;
  tokens: number;
  /** Where the chunk begins; null where the format has no pages. */
  page: number | null;
  /** The titles above its beginning, outermost first. */
  headings: readonly string[];
}

/** How documents are cut. `static` is OpenAI's; the others are extensions of ours. */
export type ChunkingStrategy =
  | { type: 'static'; maxTokens: number; overlapTokens: number }
  | { type: 'recursive'; maxTokens: number; overlapTokens: number }
  | { type: 'sentence'; maxTokens: number; overlapTokens: number }
  | { type: 'markdown'; maxTokens: number; overlapTokens: number }
  | { type: 'code'; maxTokens: number; overlapTokens: number }
  /** Cuts where neighbouring sentences' embeddings are unlike: `breakpointPercentile` of 0–100. */
  | { type: 'semantic'; maxTokens: number; breakpointPercentile: number };

/** OpenAI's `auto`. */
export const DEFAULT_CHUNKING: Readonly<ChunkingStrategy> = Object.freeze({
  type: 'static',
  maxTokens: 800,
  overlapTokens: 400,
});

/** Embeds sentences for the semantic strategy; absent where no embedding model is configured. */
export type EmbedTexts = (texts: readonly string[], signal?: AbortSignal) => Promise<readonly Float32Array[]>;

export interface ChunkOptions {
  strategy: ChunkingStrategy;
  embed?: EmbedTexts | undefined;
  signal?: AbortSignal | undefined;
}

/** Cuts a document. Yields to the event loop between pieces of work, so that a large one delays nobody. */
export type ChunkDocument = (document: ParsedDocument, options: ChunkOptions) => Promise<Chunk[]>;

import type { IndexScope } from '@libs/retrieval';

/** Injects what turns a project's texts into vectors: `@Inject(TEXT_EMBEDDER) embedder: TextEmbedder`. */
export const TEXT_EMBEDDER = Symbol('TEXT_EMBEDDER');

export interface TextEmbedder {
  /** The configured model; undefined where there is none. */
  readonly model: string | undefined;
  /** A vector for each text, in order; those that are known are not asked for again. */
  embedTexts(scope: IndexScope, texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
}

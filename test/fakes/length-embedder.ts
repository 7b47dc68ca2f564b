import type { IndexScope } from '@libs/retrieval';
import type { TextEmbedder } from '../../src/modules/vector-stores/chunk-index/text-embedder.js';

/** Knows nothing of a text but its length. */
export class LengthEmbedder implements TextEmbedder {
  readonly model = 'lengths';
  readonly askedFor: string[] = [];
  isDown = false;

  embedTexts({ projectId }: IndexScope, texts: readonly string[]): Promise<Float32Array[]> {
    if (this.isDown) return Promise.reject(new Error('The model is down.'));
    this.askedFor.push(projectId);
    return Promise.resolve(texts.map(({ length }) => Float32Array.of(length)));
  }
}

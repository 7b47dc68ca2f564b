import type { Metadata } from '@libs/openai-wire';
import type { StoredCompletionRecord } from './stored-completions.types.js';

/** A kept answer: what the client got, and its metadata. */
export type WireStoredCompletion = Record<string, unknown> & { id: string; metadata: Metadata };

export function toWireCompletion({ id, completion, metadata }: StoredCompletionRecord): WireStoredCompletion {
  return { ...completion, id, metadata };
}

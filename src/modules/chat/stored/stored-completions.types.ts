import type { Metadata } from '@libs/openai-wire';

/** A kept chat completion without the messages of its request. */
export interface StoredCompletionRecord {
  id: string;
  model: string;
  metadata: Metadata;
  /** The whole answer, as the client got it. */
  completion: Record<string, unknown>;
}

/** Which of the kept completions a list gives. */
export interface StoredCompletionFilter {
  model?: string | undefined;
  /** Those that have all of these pairs. */
  metadata?: Metadata | undefined;
}

import { WireError } from '@libs/openai-wire';
import { RecognitionUnavailableError, UnreadableDocumentError } from '@libs/retrieval';
import type { StoreFileError } from '../vector-stores.types.js';

/** What becomes of a file whose ingestion threw. */
export type IngestionEnd = { type: 'failed'; error: StoreFileError } | { type: 'again'; delayMs: number };

/** So often something that may pass is tried, lost workers included. */
export const MOST_TRIES = 5;
const FIRST_DELAY_MS = 2000;

const NOT_OUR_FAULT: StoreFileError = { code: 'invalid_file', message: 'The file is no longer there.' };
export const GIVEN_UP: StoreFileError = {
  code: 'server_error',
  message: 'An internal error occurred while the file was being processed.',
};

/** @param tries how often the file was claimed, this time included */
export function endOf(error: unknown, tries: number): IngestionEnd {
  const isRefused = error instanceof UnreadableDocumentError;
  if (isRefused && !(error.mayPass && tries < MOST_TRIES)) {
    return { type: 'failed', error: { code: error.reason, message: error.message } };
  }
  if (error instanceof WireError && error.status === 404) return { type: 'failed', error: NOT_OUR_FAULT };
  if (tries >= MOST_TRIES) {
    const isTold = error instanceof RecognitionUnavailableError;
    return { type: 'failed', error: isTold ? { code: 'server_error', message: error.message } : GIVEN_UP };
  }
  return { type: 'again', delayMs: FIRST_DELAY_MS * 2 ** (tries - 1) };
}

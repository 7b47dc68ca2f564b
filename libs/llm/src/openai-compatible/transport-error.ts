import { errorCode, errorMessage, type Cancellation } from '@libs/kernel';
import { ModelError } from '../ports/model-error.js';

const TIMEOUT_CODES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** The ModelError for whatever was thrown while talking to a server. ModelErrors stay what they are. */
export function toModelError(
  error: unknown,
  server: string,
  signal: Pick<Cancellation, 'aborted'> | undefined,
): ModelError {
  if (signal?.aborted) return new ModelError('aborted', 'The model call was aborted.', { cause: error });
  if (error instanceof ModelError) return error;
  if (TIMEOUT_CODES.has(errorCode(error) ?? '')) {
    return new ModelError('timeout', `The model server ${server} sent nothing for too long.`, { cause: error });
  }
  const reason = errorCode(error) ?? errorMessage(error);
  return new ModelError('unavailable', `The model server ${server} cannot be reached (${reason}).`, { cause: error });
}

/** For a stream that ended without saying why the answer ends. */
export function streamCut(cause?: unknown): ModelError {
  return new ModelError('unavailable', 'The model server closed the stream before the answer was complete.', { cause });
}

/** Whether the connection ended amid the answer, as opposed to falling silent or sending nonsense. */
export function isCut(error: unknown): boolean {
  return toModelError(error, '', undefined).kind === 'unavailable' && !(error instanceof ModelError);
}

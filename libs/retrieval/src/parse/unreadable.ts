import { UnreadableDocumentError } from '../ports/unreadable-document-error.js';

export const SUPPORTED = 'Supported are text, PDF, Word, Excel and PowerPoint files.';

/** The file is of a kind that nobody here reads. */
export function unsupported(what: string, advice = SUPPORTED): never {
  throw new UnreadableDocumentError('unsupported_file', `${what} ${advice}`);
}

/** The file is damaged, locked, empty or too large. */
export function invalid(sentence: string, cause?: unknown): never {
  throw new UnreadableDocumentError('invalid_file', sentence, { cause });
}

export function tooMuchText(maxTextLength: number): never {
  const millions = Math.floor(maxTextLength / 1_000_000);
  const size = millions > 0 ? `${millions} million` : `${maxTextLength}`;
  return invalid(`The file holds more than ${size} characters of text, which is the most that is read.`);
}

/** There is no text, but pictures in which there may be some. */
export function picture(reason: 'unsupported_file' | 'invalid_file', sentence: string): never {
  throw new UnreadableDocumentError(reason, sentence, { isPicture: true });
}

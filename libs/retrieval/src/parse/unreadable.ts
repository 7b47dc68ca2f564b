import { UnreadableDocumentError } from '../ports/unreadable-document-error.js';

/** The file is of a kind that nobody here reads. */
export function unsupported(
  what: string,
  advice = 'Supported are text, PDF, Word, Excel and PowerPoint files.',
): never {
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

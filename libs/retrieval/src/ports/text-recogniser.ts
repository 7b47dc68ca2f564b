import { PublicError } from '@libs/kernel';
import type { ParsedDocument, ParseRequest } from './document.js';

/** Finds the text in pictures of it: scanned PDFs and images. */
export interface TextRecogniser {
  /**
   * @throws UnreadableDocumentError where the file is to blame, or takes too long; RecognitionUnavailableError where the
   * service is, and may be asked again
   */
  recognise(request: ParseRequest): Promise<ParsedDocument>;
}

/** The service that recognises text does not do so now. The message is fit for users. */
export class RecognitionUnavailableError extends PublicError {
  override readonly name = 'RecognitionUnavailableError';
}

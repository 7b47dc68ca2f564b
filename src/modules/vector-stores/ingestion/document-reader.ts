import { Inject, Injectable } from '@nestjs/common';
import {
  UnreadableDocumentError,
  type DocumentParser,
  type ParsedDocument,
  type ParseRequest,
  type TextRecogniser,
} from '@libs/retrieval';
import { DOCUMENT_PARSER, TEXT_RECOGNISER } from '../../../providers/documents.module.js';

/** Reads a document as text, by text recognition where it holds pictures alone and a service is configured. */
@Injectable()
export class DocumentReader {
  constructor(
    @Inject(DOCUMENT_PARSER) private readonly parser: DocumentParser,
    @Inject(TEXT_RECOGNISER) private readonly recogniser: TextRecogniser | null,
  ) {}

  /** Throws UnreadableDocumentError and RecognitionUnavailableError. */
  async read(request: ParseRequest): Promise<ParsedDocument> {
    try {
      return await this.parser.parse(request);
    } catch (error) {
      const isPicture = error instanceof UnreadableDocumentError && error.isPicture;
      if (this.recogniser === null || !isPicture) throw error;
      return this.recogniser.recognise(request);
    }
  }
}

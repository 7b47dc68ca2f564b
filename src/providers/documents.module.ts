import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import {
  chunkDocument,
  createDocumentParser,
  TikaRecogniser,
  type DocumentParser,
  type TextRecogniser,
} from '@libs/retrieval';
import { CONFIG } from '../common/config.token.js';

/** Injects the parser of documents: `@Inject(DOCUMENT_PARSER) parser: DocumentParser`. */
export const DOCUMENT_PARSER = Symbol('DOCUMENT_PARSER');

/** Injects what cuts documents: `@Inject(CHUNK_DOCUMENT) chunk: ChunkDocument`. */
export const CHUNK_DOCUMENT = Symbol('CHUNK_DOCUMENT');

/** Injects what finds text in pictures, or null: `@Inject(TEXT_RECOGNISER) recogniser: TextRecogniser | null`. */
export const TEXT_RECOGNISER = Symbol('TEXT_RECOGNISER');

function recogniserFromConfig({ OCR_URL: url, OCR_LANGUAGES: languages, ...config }: Config): TextRecogniser | null {
  if (url === undefined) return null;
  return new TikaRecogniser({ url, languages, timeLimitMs: config.OCR_TIMEOUT_SECONDS * 1000 });
}

/** As many parsers as files are ingested at once: more would only wait. */
function parserFromConfig(config: Config): DocumentParser {
  const logger = new Logger('Documents');
  return createDocumentParser({
    processes: config.INGESTION_CONCURRENCY,
    onIncident: (sentence) => logger.warn(sentence),
  });
}

@Global()
@Module({
  providers: [
    { provide: DOCUMENT_PARSER, inject: [CONFIG], useFactory: parserFromConfig },
    { provide: TEXT_RECOGNISER, inject: [CONFIG], useFactory: recogniserFromConfig },
    { provide: CHUNK_DOCUMENT, useValue: chunkDocument },
  ],
  exports: [DOCUMENT_PARSER, TEXT_RECOGNISER, CHUNK_DOCUMENT],
})
export class DocumentsModule implements OnApplicationShutdown {
  constructor(@Inject(DOCUMENT_PARSER) private readonly parser: DocumentParser) {}

  onApplicationShutdown(): Promise<void> {
    return this.parser.close();
  }
}

import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@config';
import { chunkDocument, createDocumentParser, type DocumentParser } from '@libs/retrieval';
import { CONFIG } from '../common/config.token.js';

/** Injects the parser of documents: `@Inject(DOCUMENT_PARSER) parser: DocumentParser`. */
export const DOCUMENT_PARSER = Symbol('DOCUMENT_PARSER');

/** Injects what cuts documents: `@Inject(CHUNK_DOCUMENT) chunk: ChunkDocument`. */
export const CHUNK_DOCUMENT = Symbol('CHUNK_DOCUMENT');

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
    { provide: CHUNK_DOCUMENT, useValue: chunkDocument },
  ],
  exports: [DOCUMENT_PARSER, CHUNK_DOCUMENT],
})
export class DocumentsModule implements OnApplicationShutdown {
  constructor(@Inject(DOCUMENT_PARSER) private readonly parser: DocumentParser) {}

  onApplicationShutdown(): Promise<void> {
    return this.parser.close();
  }
}

import { Inject, Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { UnreadableDocumentError, type DocumentMetadata, type DocumentParser } from '@libs/retrieval';
import type { TenantScope } from '../../common/principal.js';
import { DOCUMENT_PARSER } from '../../providers/documents.module.js';
import { DocumentFiles } from './ingestion/document-files.js';
import { toKeptMetadata } from './ingestion/document-metadata.js';

export interface DescribedFile {
  fileId: string;
  name: string;
  bytes: number;
}

/** Formats of which there is more to say than that they are text. */
const STRUCTURED = /\.(csv|tsv|json|jsonl|ndjson|xlsx|xls|py|pdf)$/i;
const MOST_BYTES = 20e6;
/** Whoever asks is about to answer somebody, and can do without. */
const PATIENCE_MS = 2000;
const REMEMBERED = 500;

/** Says how files are built that nobody has put into a store. */
@Injectable()
export class FileDescriptions {
  private readonly logger = new Logger('FileDescriptions');
  /** By project and file, whose content never changes. */
  private readonly known = new Map<string, DocumentMetadata | null>();

  constructor(
    @Inject(DOCUMENT_PARSER) private readonly parser: DocumentParser,
    private readonly documents: DocumentFiles,
  ) {}

  /** Null for a file of no structure, and where it cannot be told in time. Never throws. */
  async describe({ projectId }: TenantScope, { fileId, name, bytes }: DescribedFile): Promise<DocumentMetadata | null> {
    if (!STRUCTURED.test(name) || bytes > MOST_BYTES) return null;
    const key = `${projectId} ${fileId}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const found = await this.documents.withFile({ projectId }, fileId, signal, ({ path }) =>
        this.parser.parse({ path, filename: name, signal, isUrgent: true }),
      );
      return this.remember(key, toKeptMetadata(found.metadata));
    } catch (error) {
      if (error instanceof UnreadableDocumentError && !error.mayPass) return this.remember(key, null);
      this.logger.debug(`${fileId} is not described: ${errorMessage(error)}`);
      return null;
    }
  }

  private remember(key: string, metadata: DocumentMetadata | null): DocumentMetadata | null {
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.set(key, metadata);
    return metadata;
  }
}

import { Choice, Flag, Metadata, Nest, Numeric, Text, TextList } from '../../../common/validation/index.js';
import { ChunkingStrategyProperty, type AnyChunkingDto } from './chunking-strategy.dto.js';

export class StoreExpirationDto {
  @Choice(['last_active_at'], { required: true })
  anchor: 'last_active_at';

  @Numeric({ required: true, integer: true, min: 1, max: 365, description: 'After the last activity.' })
  days: number;
}

export class SummariesDto {
  @Flag({ required: true })
  enabled: boolean;
}

/** Of a new store, and of one that is there. */
export function SummariesProperty(): PropertyDecorator {
  return Nest(SummariesDto, {
    description: 'Extension: whether a model summarises the documents, and searches go by that, too. Default: not.',
  });
}

const LONGEST_NAME = 256;
const LONGEST_DESCRIPTION = 512;
const MOST_FILES = 500;

export class CreateVectorStoreDto {
  @Text({ nullable: true, max: LONGEST_NAME })
  name?: string | null;

  @Text({ nullable: true, max: LONGEST_DESCRIPTION })
  description?: string | null;

  @TextList({ max: MOST_FILES, each: { min: 1, max: 128 } })
  file_ids?: string[] | null;

  @Nest(StoreExpirationDto, { description: 'When the store expires. Default: never.' })
  expires_after?: StoreExpirationDto | null;

  @ChunkingStrategyProperty({ description: 'Of the files in file_ids. Default: auto.' })
  chunking_strategy?: AnyChunkingDto | null;

  @Metadata()
  metadata?: Record<string, string> | null;

  @SummariesProperty()
  summaries?: SummariesDto | null;
}

export class ModifyVectorStoreDto {
  @Text({ nullable: true, max: LONGEST_NAME })
  name?: string | null;

  @Nest(StoreExpirationDto, { nullable: true, description: 'null: never.' })
  expires_after?: StoreExpirationDto | null;

  @Metadata()
  metadata?: Record<string, string> | null;

  @SummariesProperty()
  summaries?: SummariesDto | null;
}

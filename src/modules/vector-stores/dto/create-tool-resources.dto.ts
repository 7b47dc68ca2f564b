import { CodeInterpreterResourcesDto, FileSearchResourcesDto, ToolResourcesDto } from '../../../common/dto/index.js';
import { Metadata, Nest, NestList, TextList } from '../../../common/validation/index.js';
import { ChunkingStrategyProperty, type AnyChunkingDto } from './chunking-strategy.dto.js';
import { SummariesProperty, type SummariesDto } from './vector-store.dto.js';

const MOST_FILES = 10_000;

/** A store that is made along with its assistant or thread. */
export class InlineVectorStoreDto {
  @TextList({ max: MOST_FILES, each: { min: 1, max: 128 } })
  file_ids?: string[] | null;

  @ChunkingStrategyProperty({ description: 'Of the files in file_ids. Default: auto.' })
  chunking_strategy?: AnyChunkingDto | null;

  @Metadata()
  metadata?: Record<string, string> | null;

  @SummariesProperty()
  summaries?: SummariesDto | null;
}

export class CreateFileSearchResourcesDto extends FileSearchResourcesDto {
  @NestList(InlineVectorStoreDto, { max: 1, description: 'In place of vector_store_ids: a store to be made.' })
  vector_stores?: InlineVectorStoreDto[] | null;
}

/** The resources of a new assistant or thread, which may ask for a store to be made. */
export class CreateToolResourcesDto extends ToolResourcesDto {
  @Nest(CodeInterpreterResourcesDto)
  override code_interpreter?: CodeInterpreterResourcesDto | null;

  @Nest(CreateFileSearchResourcesDto)
  override file_search?: CreateFileSearchResourcesDto | null;
}

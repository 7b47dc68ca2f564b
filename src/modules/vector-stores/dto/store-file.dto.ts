import type { Attributes } from '@libs/retrieval';
import { Choice, ListQueryDto, NestList, Text, TextList } from '../../../common/validation/index.js';
import type { StoreFileStatus } from '../vector-stores.types.js';
import { AttributesProperty } from './attributes.js';
import { ChunkingStrategyProperty, type AnyChunkingDto } from './chunking-strategy.dto.js';

const MOST_FILES_A_BATCH = 2000;

export class CreateStoreFileDto {
  @Text({ required: true, min: 1, max: 128 })
  file_id: string;

  @AttributesProperty()
  attributes?: Attributes | null;

  @ChunkingStrategyProperty({ description: 'Default: auto.' })
  chunking_strategy?: AnyChunkingDto | null;
}

export class UpdateStoreFileDto {
  @AttributesProperty({ description: 'In place of all that the file has; null: none.' })
  attributes?: Attributes | null;
}

export class CreateFileBatchDto {
  @TextList({ min: 1, max: MOST_FILES_A_BATCH, each: { min: 1, max: 128 } })
  file_ids?: string[] | null;

  @NestList(CreateStoreFileDto, {
    min: 1,
    max: MOST_FILES_A_BATCH,
    description: 'In place of file_ids: each with attributes and chunking of its own.',
  })
  files?: CreateStoreFileDto[] | null;

  @AttributesProperty({ description: 'Of each of the file_ids.' })
  attributes?: Attributes | null;

  @ChunkingStrategyProperty({ description: 'Of each of the file_ids. Default: auto.' })
  chunking_strategy?: AnyChunkingDto | null;
}

export class ListStoreFilesDto extends ListQueryDto {
  @Choice(['in_progress', 'completed', 'failed', 'cancelled'], { description: 'Only files of this status.' })
  filter?: StoreFileStatus;
}

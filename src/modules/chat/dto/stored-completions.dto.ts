import type { Metadata as MetadataMap } from '@libs/openai-wire';
import { Choice, Metadata, Numeric, QueryInteger, Text } from '../../../common/validation/index.js';

/** Lists of kept completions go forwards, oldest first (openai-wire.md section 2), and know no `before`. */
export class StoredListQueryDto {
  @QueryInteger()
  @Numeric({ integer: true, min: 1, max: 100, description: 'How many objects, 1 to 100. Default 20.' })
  limit?: number;

  @Choice(['asc', 'desc'], { description: 'By time of creation. Default asc.' })
  order?: 'asc' | 'desc';

  @Text({ max: 128, description: 'Objects after this id in list order.' })
  after?: string;
}

export class ListStoredCompletionsDto extends StoredListQueryDto {
  @Text({ max: 256, description: 'Only completions of this model.' })
  model?: string;

  @Metadata({ description: 'Only completions that have all of these pairs: `metadata[key]=value`.' })
  metadata?: MetadataMap | null;
}

export class UpdateStoredCompletionDto {
  @Metadata({ description: 'Takes the place of the metadata there is. Null empties it.' })
  metadata?: MetadataMap | null;
}

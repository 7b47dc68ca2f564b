import { Choice, Numeric, QueryInteger, Text } from '../../../common/validation/index.js';

/** The most, and the default: lists of files are long on this wire (openai-wire.md section 4.4). */
export const MOST_FILES_LISTED = 10_000;

export class ListFilesDto {
  @QueryInteger()
  @Numeric({ integer: true, min: 1, max: MOST_FILES_LISTED, description: 'How many files. Default 10000.' })
  limit?: number;

  @Choice(['asc', 'desc'], { description: 'By time of creation. Default desc.' })
  order?: 'asc' | 'desc';

  @Text({ max: 128, description: 'Files after this id in list order.' })
  after?: string;

  @Text({ max: 64, description: 'Only files of this purpose.' })
  purpose?: string;
}

import { Transform } from 'class-transformer';
import { Choice, Numeric, Text } from './properties.js';

/** Query values are texts; what is no whole number stays a text and fails the check. */
export const QueryInteger = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value,
  );

/** The query of every cursor list (openai-wire.md section 4.4). */
export class ListQueryDto {
  @QueryInteger()
  @Numeric({ integer: true, min: 1, max: 100, description: 'How many objects, 1 to 100. Default 20.' })
  limit?: number;

  @Choice(['asc', 'desc'], { description: 'By time of creation. Default desc.' })
  order?: 'asc' | 'desc';

  @Text({ max: 128, description: 'Objects after this id in list order.' })
  after?: string;

  @Text({ max: 128, description: 'Objects right before this id in list order.' })
  before?: string;
}

export const DEFAULT_LIST_LIMIT = 20;

import { Numeric, QueryInteger, Text } from '../../../common/validation/index.js';

export class ModelLogQueryDto {
  @Text({ min: 1, max: 128, description: 'Only calls of this run or chat completion.' })
  run_id?: string;

  @QueryInteger()
  @Numeric({ integer: true, min: 1, max: 1000, description: 'How many calls, 1 to 1000. Default 20.' })
  limit?: number;
}

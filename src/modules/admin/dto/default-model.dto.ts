import { ApiProperty } from '@nestjs/swagger';
import { Text } from '../../../common/validation/index.js';
import type { DefaultModelSource } from '../default-model.service.js';

const LONGEST_MODEL = 512;

export class ChooseModelDto {
  @Text({ required: true, min: 1, max: LONGEST_MODEL })
  model: string;
}

export class ChosenModelDto {
  @ApiProperty({ enum: ['success'] })
  status: 'success';

  @ApiProperty()
  message: string;

  @ApiProperty()
  model: string;
}

export class DefaultModelDto {
  @ApiProperty({ type: String, nullable: true, description: 'Null where no server has a model.' })
  model: string | null;

  @ApiProperty({
    enum: ['chosen', 'configured', 'first'],
    description: 'Chosen here; configured as DEFAULT_MODEL; or the first of those that the model servers list.',
  })
  source: DefaultModelSource;
}

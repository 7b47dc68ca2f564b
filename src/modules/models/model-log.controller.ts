import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../common/marks.js';
import { ModelLogQueryDto } from './dto/model-log-query.dto.js';
import { ModelLogService } from './model-log.service.js';

const DEFAULT_LIMIT = 20;

@ApiTags('Models')
@ApiBearerAuth()
@Controller('v1/admin/model-log')
export class ModelLogController {
  constructor(private readonly log: ModelLogService) {}

  @Get()
  @RequireScope('admin')
  @ApiOperation({
    summary: 'Extension: requests to model servers and their answers, the newest first',
    description:
      'Recorded where MODEL_LOG is on. `run_id` is that of a run, of a chat completion that ran here, or the `x-request-id` of one that was passed on.',
  })
  async list(@Query() { run_id, limit }: ModelLogQueryDto): Promise<{ object: 'list'; data: unknown[] }> {
    return { object: 'list', data: await this.log.list(run_id, limit ?? DEFAULT_LIMIT) };
  }
}

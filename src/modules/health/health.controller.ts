import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../../common/marks.js';
import { HealthService } from './health.service.js';

@ApiTags('Health')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get()
  @ApiOperation({ summary: 'State of each part; 503 where this process cannot serve' })
  async report(@Res() response: Response): Promise<void> {
    const report = await this.health.report();
    response.status(report.status === 'unhealthy' ? 503 : 200).json(report);
  }

  @Get('live')
  @ApiOperation({ summary: 'Liveness: the process answers' })
  live(): { status: 'alive' } {
    return { status: 'alive' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Readiness: as /health' })
  async ready(@Res() response: Response): Promise<void> {
    await this.report(response);
  }
}

import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { WireList, WireRunStep } from '@libs/openai-wire';
import { AssistantsBetaGuard } from '../../common/http/assistants-beta.guard.js';
import { toWirePage } from '../../common/http/index.js';
import { CurrentPrincipal, RequireScope } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { includesSearchContent, ListRunStepsQueryDto, RunStepQueryDto } from './dto/run-step.dto.js';
import { toWireRunStep } from './run-step.mapper.js';
import { RunStepsService } from './run-steps.service.js';

@ApiTags('Run steps')
@ApiBearerAuth()
@UseGuards(AssistantsBetaGuard)
@Controller('v1/threads/:threadId/runs/:runId/steps')
export class RunStepsController {
  constructor(private readonly steps: RunStepsService) {}

  @Get()
  @RequireScope('threads:read')
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Param('runId') runId: string,
    @Query() query: ListRunStepsQueryDto,
  ): Promise<WireList<WireRunStep>> {
    return toWirePage(await this.steps.list(principal, threadId, runId, query), (step) =>
      toWireRunStep(step, includesSearchContent(query)),
    );
  }

  @Get(':stepId')
  @RequireScope('threads:read')
  async retrieve(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Param('runId') runId: string,
    @Param('stepId') id: string,
    @Query() query: RunStepQueryDto,
  ): Promise<WireRunStep> {
    return toWireRunStep(await this.steps.get(principal, threadId, runId, id), includesSearchContent(query));
  }
}

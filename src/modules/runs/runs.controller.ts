import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { WireList, WireRun } from '@libs/openai-wire';
import type { Response } from 'express';
import { AssistantsBetaGuard } from '../../common/http/assistants-beta.guard.js';
import { toWirePage } from '../../common/http/index.js';
import { CurrentPrincipal, RequireScope, TraceParent } from '../../common/marks.js';
import type { Principal } from '../../common/principal.js';
import { ListQueryDto } from '../../common/validation/index.js';
import {
  CreateRunDto,
  CreateThreadAndRunDto,
  ModifyRunDto,
  StreamQueryDto,
  SubmitToolOutputsDto,
} from './dto/run.dto.js';
import { includesSearchContent, RunStepQueryDto } from './dto/run-step.dto.js';
import { RunCreation } from './run-creation.js';
import { RunResponder, type WantedEvents } from './run-responder.js';
import { toWireRun } from './run.mapper.js';
import { RunsService } from './runs.service.js';
import { ToolOutputsService } from './tool-outputs.service.js';
import type { RunRecord } from './runs.types.js';

@ApiTags('Runs')
@ApiBearerAuth()
@UseGuards(AssistantsBetaGuard)
@Controller('v1/threads')
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly creation: RunCreation,
    private readonly toolOutputs: ToolOutputsService,
    private readonly responder: RunResponder,
  ) {}

  @Post('runs')
  @HttpCode(200)
  @RequireScope('threads:write')
  async createWithThread(
    @CurrentPrincipal() principal: Principal,
    @Body() body: CreateThreadAndRunDto,
    @TraceParent() traceparent: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const run = await this.creation.createWithThread(principal, body, traceparent);
    await this.answer(run, body.stream ?? false, response);
  }

  @Post(':threadId/runs')
  @HttpCode(200)
  @RequireScope('threads:write')
  async create(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Query() query: RunStepQueryDto,
    @Body() body: CreateRunDto,
    @TraceParent() traceparent: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const run = await this.creation.create(principal, threadId, body, traceparent);
    await this.answer(run, body.stream ?? false, response, { after: 0, withContent: includesSearchContent(query) });
  }

  @Get(':threadId/runs')
  @RequireScope('threads:read')
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Query() query: ListQueryDto,
  ): Promise<WireList<WireRun>> {
    return toWirePage(await this.runs.list(principal, threadId, query), toWireRun);
  }

  @Get(':threadId/runs/:runId')
  @RequireScope('threads:read')
  async retrieve(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Param('runId') id: string,
    @Res() response: Response,
  ): Promise<void> {
    this.responder.object(await this.runs.get(principal, threadId, id), response);
  }

  @Post(':threadId/runs/:runId')
  @HttpCode(200)
  @RequireScope('threads:write')
  async modify(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Param('runId') id: string,
    @Body() body: ModifyRunDto,
  ): Promise<WireRun> {
    return toWireRun(await this.runs.modify(principal, threadId, id, body));
  }

  @Post(':threadId/runs/:runId/cancel')
  @HttpCode(200)
  @RequireScope('threads:write')
  async cancel(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Param('runId') id: string,
    @Res() response: Response,
  ): Promise<void> {
    this.responder.object(await this.runs.cancel(principal, threadId, id), response);
  }

  @Post(':threadId/runs/:runId/submit_tool_outputs')
  @HttpCode(200)
  @RequireScope('threads:write')
  async submitToolOutputs(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Param('runId') id: string,
    @Body() body: SubmitToolOutputsDto,
    @TraceParent() traceparent: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const { run, lastSequence } = await this.toolOutputs.submit(principal, threadId, id, body, traceparent);
    await this.answer(run, body.stream ?? false, response, { after: lastSequence, withContent: false });
  }

  @Get(':threadId/runs/:runId/stream')
  @RequireScope('threads:read')
  @ApiOperation({ summary: 'Extension: the events of a run after the one the client saw last, and on' })
  async stream(
    @CurrentPrincipal() principal: Principal,
    @Param('threadId') threadId: string,
    @Param('runId') id: string,
    @Query() query: StreamQueryDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const run = await this.runs.get(principal, threadId, id);
    const after = query.starting_after ?? toSequence(lastEventId);
    await this.responder.missedEvents(run, response, { after, withContent: includesSearchContent(query) });
  }

  private async answer(
    run: RunRecord,
    stream: boolean,
    response: Response,
    wanted: WantedEvents = { after: 0, withContent: false },
  ): Promise<void> {
    if (stream) await this.responder.events(run, response, wanted);
    else this.responder.object(run, response);
  }
}

/** What is no number of an event counts as none: the stream is told from its start. */
function toSequence(lastEventId: string | undefined): number {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : 0;
}

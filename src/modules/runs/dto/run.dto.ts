import { AGENT_TYPES, type AgentType } from '@libs/agent';
import type { ReasoningEffort, ResponseFormatOption, ToolChoiceOption } from '@libs/openai-wire';
import { OmitType } from '@nestjs/swagger';
import {
  REASONING_EFFORTS,
  ResponseFormat,
  ToolChoice,
  ToolList,
  ToolResourcesDto,
  type ToolsDto,
} from '../../../common/dto/index.js';
import {
  Choice,
  Flag,
  Metadata,
  Nest,
  NestList,
  Numeric,
  QueryInteger,
  Text,
} from '../../../common/validation/index.js';
import { CreateMessageDto, CreateThreadDto } from '../../threads/index.js';
import { RunStepQueryDto } from './run-step.dto.js';

export class TruncationStrategyDto {
  @Choice(['auto', 'last_messages'], { required: true })
  type: 'auto' | 'last_messages';

  @Numeric({ nullable: true, integer: true, min: 1 })
  last_messages?: number | null;
}

const LEAST_TOKEN_BUDGET = 256;

export class CreateRunDto {
  @Text({ required: true, min: 1, max: 128 })
  assistant_id: string;

  @Text({ nullable: true, min: 1, max: 256 })
  model?: string | null;

  @Text({ nullable: true, max: 256_000, description: "Replaces the assistant's instructions." })
  instructions?: string | null;

  @Text({ nullable: true, max: 256_000, description: 'Appended to the instructions.' })
  additional_instructions?: string | null;

  @NestList(CreateMessageDto, { nullable: true, max: 1000 })
  additional_messages?: CreateMessageDto[] | null;

  @ToolList({ nullable: true, max: 20 })
  tools?: ToolsDto | null;

  @Metadata()
  metadata?: Record<string, string> | null;

  @Numeric({ nullable: true, min: 0, max: 2 })
  temperature?: number | null;

  @Numeric({ nullable: true, min: 0, max: 1 })
  top_p?: number | null;

  @Flag({ nullable: true })
  stream?: boolean | null;

  @Numeric({ nullable: true, integer: true, min: LEAST_TOKEN_BUDGET })
  max_prompt_tokens?: number | null;

  @Numeric({ nullable: true, integer: true, min: LEAST_TOKEN_BUDGET })
  max_completion_tokens?: number | null;

  @Nest(TruncationStrategyDto, { nullable: true })
  truncation_strategy?: TruncationStrategyDto | null;

  @ToolChoice()
  tool_choice?: ToolChoiceOption | null;

  @Flag()
  parallel_tool_calls?: boolean | null;

  @ResponseFormat()
  response_format?: ResponseFormatOption | null;

  @Choice(REASONING_EFFORTS, { nullable: true })
  reasoning_effort?: ReasoningEffort | null;

  @Choice(AGENT_TYPES, { nullable: true, description: 'Extension: how the agent goes about the task.' })
  agent_type?: AgentType | null;
}

export class CreateThreadAndRunDto extends OmitType(CreateRunDto, ['additional_instructions', 'additional_messages']) {
  @Nest(CreateThreadDto, { nullable: true })
  thread?: CreateThreadDto | null;

  @Nest(ToolResourcesDto, { nullable: true })
  tool_resources?: ToolResourcesDto | null;
}

export class ModifyRunDto {
  @Metadata()
  metadata?: Record<string, string> | null;
}

export class ToolOutputDto {
  @Text({ max: 128 })
  tool_call_id?: string;

  @Text({ nullable: true, max: 1_048_576 })
  output?: string | null;
}

export class SubmitToolOutputsDto {
  @NestList(ToolOutputDto, { required: true, max: 1000 })
  tool_outputs: ToolOutputDto[];

  @Flag({ nullable: true })
  stream?: boolean | null;
}

export class StreamQueryDto extends RunStepQueryDto {
  @QueryInteger()
  @Numeric({ integer: true, min: 0, max: Number.MAX_SAFE_INTEGER, description: 'Number of the last event seen.' })
  starting_after?: number;
}

import { AGENT_TYPES, type AgentType } from '@libs/agent';
import type { ResponseFormatOption } from '@libs/openai-wire';
import type { ReasoningEffort } from '@libs/openai-wire';
import {
  REASONING_EFFORTS,
  ResponseFormat,
  ToolList,
  ToolResourcesDto,
  type ToolsDto,
} from '../../../common/dto/index.js';
import { Choice, Metadata, Nest, Numeric, Text, TextList } from '../../../common/validation/index.js';
import { CreateToolResourcesDto } from '../../vector-stores/index.js';

/** What creating and modifying have in common. */
abstract class AssistantFieldsDto {
  @Text({ nullable: true, max: 256 })
  name?: string | null;

  @Text({ nullable: true, max: 512 })
  description?: string | null;

  @Text({ nullable: true, max: 256_000 })
  instructions?: string | null;

  @ToolList({ max: 128 })
  tools?: ToolsDto | null;

  @TextList({ max: 100, each: { min: 1, max: 128 }, description: 'Extension: files for each run of the assistant.' })
  file_ids?: string[] | null;

  @Metadata()
  metadata?: Record<string, string> | null;

  @Numeric({ nullable: true, min: 0, max: 2 })
  temperature?: number | null;

  @Numeric({ nullable: true, min: 0, max: 1 })
  top_p?: number | null;

  @ResponseFormat()
  response_format?: ResponseFormatOption | null;

  @Choice(REASONING_EFFORTS, { nullable: true })
  reasoning_effort?: ReasoningEffort | null;

  @Choice(AGENT_TYPES, { nullable: true, description: 'Extension: how runs of the assistant go about their tasks.' })
  agent_type?: AgentType | null;
}

export class CreateAssistantDto extends AssistantFieldsDto {
  @Nest(CreateToolResourcesDto, { nullable: true })
  tool_resources?: CreateToolResourcesDto | null;

  @Text({ required: true, min: 1, max: 256 })
  model: string;
}

export class ModifyAssistantDto extends AssistantFieldsDto {
  @Nest(ToolResourcesDto, { nullable: true })
  tool_resources?: ToolResourcesDto | null;

  @Text({ min: 1, max: 256 })
  model?: string;
}

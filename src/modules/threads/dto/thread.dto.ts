import { ToolResourcesDto } from '../../../common/dto/index.js';
import { Metadata, Nest, NestList, TextList } from '../../../common/validation/index.js';
import { CreateToolResourcesDto } from '../../vector-stores/index.js';
import { CreateMessageDto } from './message.dto.js';

export class CreateThreadDto {
  @NestList(CreateMessageDto, { max: 1000 })
  messages?: CreateMessageDto[] | null;

  @Nest(CreateToolResourcesDto, { nullable: true })
  tool_resources?: CreateToolResourcesDto | null;

  @TextList({ nullable: true, max: 500, each: { min: 1, max: 128 }, description: 'Extension: files for each run.' })
  file_ids?: string[] | null;

  @Metadata()
  metadata?: Record<string, string> | null;
}

export class ModifyThreadDto {
  @Nest(ToolResourcesDto, { nullable: true })
  tool_resources?: ToolResourcesDto | null;

  @Metadata()
  metadata?: Record<string, string> | null;
}

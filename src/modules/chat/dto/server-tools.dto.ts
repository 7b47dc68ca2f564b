import { ToolList, ToolResourcesDto, type ToolsDto } from '../../../common/dto/index.js';
import { Nest } from '../../../common/validation/index.js';

/** Extension: what a chat completion says of tools, where it names any that run here. */
export class ServerToolsDto {
  @ToolList({ max: 128 })
  tools?: ToolsDto | null;

  @Nest(ToolResourcesDto)
  tool_resources?: ToolResourcesDto | null;
}

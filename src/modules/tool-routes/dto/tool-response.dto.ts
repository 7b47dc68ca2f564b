import { ApiProperty } from '@nestjs/swagger';

export class ToolResponseDto {
  @ApiProperty({ description: 'False where the tool itself failed: `error` tells why.' })
  success: boolean;

  @ApiProperty()
  answer: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  data: Record<string, unknown>;

  @ApiProperty({ type: 'object', additionalProperties: true, description: '`execution_time` in seconds, and more.' })
  metadata: Record<string, unknown>;

  @ApiProperty({ type: String, nullable: true })
  error: string | null;
}

export class ListedToolDto {
  @ApiProperty({ enum: ['websearch', 'python_coder', 'rag'] })
  name: 'websearch' | 'python_coder' | 'rag';

  @ApiProperty()
  description: string;

  @ApiProperty({ description: 'Whether this server has what the tool needs.' })
  enabled: boolean;
}

export class ToolListDto {
  @ApiProperty({ type: [ListedToolDto] })
  tools: ListedToolDto[];
}

import { AGENT_TYPES } from '@libs/agent';
import { ApiProperty } from '@nestjs/swagger';

export class SessionDto {
  @ApiProperty()
  session_id: string;

  @ApiProperty({ description: 'UTC, as `2026-11-28 19:05:26`.' })
  created_at: string;

  @ApiProperty({ description: 'Messages of users, assistants and tools.' })
  message_count: number;

  @ApiProperty({ enum: [...AGENT_TYPES], nullable: true, type: String })
  agent_type: string | null;
}

export class SessionListDto {
  @ApiProperty({ type: [SessionDto] })
  sessions: SessionDto[];

  @ApiProperty()
  has_more: boolean;
}

export class SessionHistoryDto {
  @ApiProperty({ type: [Object], description: 'As in chat completions: `role`, `content`, and calls of tools.' })
  messages: Record<string, unknown>[];

  @ApiProperty({ description: 'Whether there are older messages.' })
  has_more: boolean;
}

export class DeletedSessionDto {
  @ApiProperty()
  session_id: string;

  @ApiProperty({ enum: [true] })
  deleted: true;
}

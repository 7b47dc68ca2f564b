import { ApiProperty } from '@nestjs/swagger';

export class TokenDto {
  @ApiProperty({ description: 'For `Authorization: Bearer`, and as the API key of any OpenAI SDK.' })
  access_token: string;

  @ApiProperty({ enum: ['bearer'] })
  token_type: 'bearer';
}

export class MeDto {
  @ApiProperty()
  id: string;

  @ApiProperty()
  username: string;

  @ApiProperty()
  is_admin: boolean;

  @ApiProperty({ description: 'The project this request acts in.' })
  project_id: string;

  @ApiProperty({ enum: ['owner', 'member', 'viewer'] })
  role: string;

  @ApiProperty({ type: [String] })
  scopes: string[];
}

import { ApiProperty } from '@nestjs/swagger';

export class WorkspaceFileNamesDto {
  @ApiProperty({ enum: [true] })
  success: true;

  @ApiProperty({ type: [String] })
  files: string[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: what goes wrong has a status.' })
  error: null;
}

export class WorkspaceFileContentDto {
  @ApiProperty({ enum: [true] })
  success: true;

  @ApiProperty()
  filename: string;

  @ApiProperty()
  content: string;

  @ApiProperty({ enum: ['utf-8', 'base64'], description: 'Extension: what is no text is in base64.' })
  encoding: 'utf-8' | 'base64';

  @ApiProperty({ description: 'Extension: by which /v1/files has it.' })
  file_id: string;

  @ApiProperty({ type: String, nullable: true })
  error: null;
}

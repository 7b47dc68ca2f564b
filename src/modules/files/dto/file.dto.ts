import { ApiProperty } from '@nestjs/swagger';

/** OpenAIFile of the wire. */
export class FileDto {
  @ApiProperty({ example: 'file-abc123' })
  id: string;

  @ApiProperty({ enum: ['file'] })
  object: 'file';

  @ApiProperty({ type: 'integer' })
  bytes: number;

  @ApiProperty({ type: 'integer', description: 'Seconds since 1970.' })
  created_at: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Seconds since 1970.' })
  expires_at: number | null;

  @ApiProperty()
  filename: string;

  @ApiProperty()
  purpose: string;

  @ApiProperty({ enum: ['processed'], deprecated: true })
  status: 'processed';

  @ApiProperty({ type: String, nullable: true, deprecated: true })
  status_details: null;
}

export class FileListDto {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: [FileDto] })
  data: FileDto[];

  @ApiProperty({ type: String, nullable: true })
  first_id: string | null;

  @ApiProperty({ type: String, nullable: true })
  last_id: string | null;

  @ApiProperty()
  has_more: boolean;
}

export class DeletedFileDto {
  @ApiProperty()
  id: string;

  @ApiProperty({ enum: ['file'] })
  object: 'file';

  @ApiProperty({ enum: [true] })
  deleted: true;
}

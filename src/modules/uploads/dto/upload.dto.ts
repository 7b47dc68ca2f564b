import { ApiProperty } from '@nestjs/swagger';
import { FileDto } from '../../files/index.js';
import type { UploadStatus } from '../uploads.types.js';

/** Upload of the wire. */
export class UploadDto {
  @ApiProperty({ example: 'upload_abc123' })
  id: string;

  @ApiProperty({ enum: ['upload'] })
  object: 'upload';

  @ApiProperty({ type: 'integer' })
  bytes: number;

  @ApiProperty({ type: 'integer', description: 'Seconds since 1970.' })
  created_at: number;

  @ApiProperty({ type: 'integer', description: 'Seconds since 1970.' })
  expires_at: number;

  @ApiProperty()
  filename: string;

  @ApiProperty()
  purpose: string;

  @ApiProperty({ enum: ['pending', 'completed', 'cancelled', 'expired'] })
  status: UploadStatus;

  @ApiProperty({ type: FileDto, required: false, description: 'Of a completed upload.' })
  file?: FileDto;
}

/** UploadPart of the wire. */
export class UploadPartDto {
  @ApiProperty({ example: 'part_abc123' })
  id: string;

  @ApiProperty({ enum: ['upload.part'] })
  object: 'upload.part';

  @ApiProperty({ type: 'integer', description: 'Seconds since 1970.' })
  created_at: number;

  @ApiProperty()
  upload_id: string;
}

/** For the OpenAPI document only: the form is read as a stream. */
export class UploadPartFormDto {
  @ApiProperty({ type: String, format: 'binary', description: 'At most 64 MiB.' })
  data: unknown;
}

import { ApiProperty } from '@nestjs/swagger';
import { UPLOAD_PURPOSES } from '../files.types.js';

/** For the OpenAPI document only: the form is read as a stream, by `receiveForm`. */
export class UploadFormDto {
  @ApiProperty({ type: String, format: 'binary' })
  file: unknown;

  @ApiProperty({ enum: UPLOAD_PURPOSES, required: false, default: 'assistants' })
  purpose?: string;

  @ApiProperty({ name: 'expires_after[anchor]', enum: ['created_at'], required: false })
  anchor?: string;

  @ApiProperty({ name: 'expires_after[seconds]', type: 'integer', minimum: 3600, maximum: 2592000, required: false })
  seconds?: number;
}

import { Choice, Nest, Numeric, Text, TextList } from '../../../common/validation/index.js';
import { UPLOAD_PURPOSES, type UploadPurpose } from '../../files/index.js';

export class FileExpirationDto {
  @Choice(['created_at'], { required: true })
  anchor: 'created_at';

  @Numeric({ required: true, integer: true, min: 3600, max: 2_592_000, description: 'After the file was made.' })
  seconds: number;
}

export class CreateUploadDto {
  @Text({ required: true, min: 1, max: 1024 })
  filename: string;

  @Choice(UPLOAD_PURPOSES, { required: true })
  purpose: UploadPurpose;

  @Numeric({ required: true, integer: true, min: 1, description: 'Of all parts together.' })
  bytes: number;

  @Text({ required: true, min: 1, max: 255 })
  mime_type: string;

  @Nest(FileExpirationDto, { description: 'When the file expires. Default: never.' })
  expires_after?: FileExpirationDto | null;
}

export class CompleteUploadDto {
  @TextList({ required: true, min: 1, max: 10_000, each: { max: 64 }, description: 'The parts in their order.' })
  part_ids: string[];

  @Text({ pattern: /^[0-9a-fA-F]{32}$/, description: 'Checksum of the whole file, in hexadecimal digits.' })
  md5?: string | null;
}

import { Transform } from 'class-transformer';
import {
  Choice,
  Flag,
  ListQueryDto,
  Metadata,
  Nest,
  NestList,
  Text,
  TextList,
} from '../../../common/validation/index.js';

const LONGEST_TEXT = 256_000;

export class ContentPartDto {
  @Choice(['text', 'image_file', 'image_url'], { required: true })
  type: 'text' | 'image_file' | 'image_url';
}

export class TextPartDto extends ContentPartDto {
  @Text({ required: true, max: LONGEST_TEXT })
  text: string;
}

export class ImageFileDto {
  @Text({ required: true, min: 1, max: 128 })
  file_id: string;

  @Choice(['auto', 'low', 'high'])
  detail?: 'auto' | 'low' | 'high';
}

export class ImageFilePartDto extends ContentPartDto {
  @Nest(ImageFileDto, { required: true })
  image_file: ImageFileDto;
}

const LONGEST_DATA_URL = 28_000_000;

export class ImageUrlDto {
  @Text({ required: true, min: 1, max: LONGEST_DATA_URL, pattern: /^(https?:\/\/|data:image\/)/i })
  url: string;

  @Choice(['auto', 'low', 'high'])
  detail?: 'auto' | 'low' | 'high';
}

export class ImageUrlPartDto extends ContentPartDto {
  @Nest(ImageUrlDto, { required: true })
  image_url: ImageUrlDto;
}

const CONTENT_PART_UNION = {
  base: ContentPartDto,
  discriminator: {
    property: 'type',
    subTypes: [
      { name: 'text', value: TextPartDto },
      { name: 'image_file', value: ImageFilePartDto },
      { name: 'image_url', value: ImageUrlPartDto },
    ],
  },
};

export class AttachmentToolDto {
  @Choice(['code_interpreter', 'file_search'], { required: true })
  type: 'code_interpreter' | 'file_search';
}

export class AttachmentDto {
  @Text({ required: true, min: 1, max: 128 })
  file_id: string;

  @NestList(AttachmentToolDto, { max: 2 })
  tools?: AttachmentToolDto[] | null;
}

/** A plain string is the short form of one text part. */
const TextAsPart = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => {
    if (typeof value !== 'string') return value;
    return [Object.assign(new TextPartDto(), { type: 'text', text: value })];
  });

export class CreateMessageDto {
  @Choice(['user', 'assistant'], { required: true })
  role: 'user' | 'assistant';

  @TextAsPart()
  @NestList(CONTENT_PART_UNION, { required: true, min: 1, max: 1000, description: 'A string, or a list of parts.' })
  content: (TextPartDto | ImageFilePartDto | ImageUrlPartDto)[];

  @NestList(AttachmentDto, { nullable: true, max: 500 })
  attachments?: AttachmentDto[] | null;

  @TextList({ nullable: true, max: 500, each: { min: 1, max: 128 }, description: 'Extension: files for code.' })
  file_ids?: string[] | null;

  @Metadata()
  metadata?: Record<string, string> | null;
}

/** A message for a thread that is there already. */
export class AddMessageDto extends CreateMessageDto {
  @Flag({ description: 'Extension: while a run is active, keep the message for after it instead of refusing it.' })
  queue?: boolean;
}

export class ModifyMessageDto {
  @Metadata()
  metadata?: Record<string, string> | null;
}

export class ListMessagesQueryDto extends ListQueryDto {
  @Text({ max: 128, description: 'Only messages of this run.' })
  run_id?: string;
}

import { ApiProperty } from '@nestjs/swagger';
import { Numeric, Text } from '../../../common/validation/index.js';
import { ToolRequestDto } from './tool-request.dto.js';

/** That of vector stores. */
export const LONGEST_COLLECTION_NAME = 256;
const LONGEST_QUESTION = 4000;

export class CreateCollectionDto {
  @Text({ required: true, min: 1, max: LONGEST_COLLECTION_NAME })
  collection_name: string;
}

export class RagQueryDto extends ToolRequestDto {
  @Text({ required: true, min: 1, max: LONGEST_QUESTION })
  query: string;

  @Text({ required: true, min: 1, max: LONGEST_COLLECTION_NAME })
  collection_name: string;

  @Numeric({ integer: true, min: 1, description: 'Most documents; default 10, and never more than 50.' })
  max_results?: number;
}

/** For the OpenAPI document only: the form is read as a stream. */
export class UploadDocumentFormDto {
  @ApiProperty()
  collection_name: string;

  @ApiProperty({ type: String, format: 'binary' })
  file: unknown;
}

export class CollectionDto {
  @ApiProperty()
  name: string;

  @ApiProperty({ type: 'integer' })
  documents: number;

  @ApiProperty({ type: 'integer' })
  chunks: number;

  @ApiProperty({ description: 'Seconds since 1970.' })
  created_at: number;

  @ApiProperty({ description: 'Extension: by which /v1/vector_stores has it.' })
  vector_store_id: string;
}

export class CollectionListDto {
  @ApiProperty({ enum: [true] })
  success: true;

  @ApiProperty({ type: [CollectionDto], description: 'The newest first, a thousand at most.' })
  collections: CollectionDto[];
}

export class DeletedCollectionDto {
  @ApiProperty({ enum: [true] })
  success: true;

  @ApiProperty()
  collection_name: string;
}

export class UploadedDocumentDto {
  @ApiProperty({ enum: [true] })
  success: true;

  @ApiProperty()
  document_name: string;

  @ApiProperty({ description: 'Extension: by which it is deleted.' })
  document_id: string;

  @ApiProperty({ enum: ['completed', 'in_progress'], description: 'Extension: whether it can be found already.' })
  status: 'completed' | 'in_progress';

  @ApiProperty({ type: 'integer' })
  chunks_created: number;

  @ApiProperty({ type: 'integer', description: 'Of the collection.' })
  total_chunks: number;
}

export class DocumentDto {
  @ApiProperty()
  id: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ description: 'The name again: documents lie in no folder.' })
  path: string;

  @ApiProperty({ type: 'integer' })
  chunks: number;

  @ApiProperty({ description: 'Seconds since 1970.' })
  uploaded_at: number;

  @ApiProperty({ enum: ['in_progress', 'completed', 'cancelled', 'failed'], description: 'Extension.' })
  status: string;

  @ApiProperty({ type: String, nullable: true, description: 'Extension: why it cannot be found.' })
  error: string | null;
}

export class DocumentListDto {
  @ApiProperty({ enum: [true] })
  success: true;

  @ApiProperty()
  collection_name: string;

  @ApiProperty({ type: [DocumentDto], description: 'The newest first, a thousand at most.' })
  documents: DocumentDto[];

  @ApiProperty({ type: 'integer' })
  total_documents: number;

  @ApiProperty({ type: 'integer' })
  total_chunks: number;
}

export class DeletedDocumentDto {
  @ApiProperty({ enum: [true] })
  success: true;

  @ApiProperty()
  collection_name: string;

  @ApiProperty({ description: 'Its name.' })
  deleted_document: string;

  @ApiProperty({ type: 'integer' })
  deleted_chunks: number;

  @ApiProperty({ type: 'integer' })
  remaining_documents: number;

  @ApiProperty({ type: 'integer' })
  remaining_chunks: number;
}

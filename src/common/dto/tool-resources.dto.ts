import type { ToolResources } from '@libs/openai-wire';
import { Nest, TextList } from '../validation/index.js';

const MOST_CODE_INTERPRETER_FILES = 20;

export class CodeInterpreterResourcesDto {
  @TextList({ max: MOST_CODE_INTERPRETER_FILES, each: { min: 1, max: 128 } })
  file_ids?: string[];
}

export class FileSearchResourcesDto {
  @TextList({ max: 1, each: { min: 1, max: 128 } })
  vector_store_ids?: string[];
}

export class ToolResourcesDto {
  @Nest(CodeInterpreterResourcesDto)
  code_interpreter?: CodeInterpreterResourcesDto | null;

  @Nest(CodeInterpreterResourcesDto, {
    description: "Extension: code_interpreter, as clients of DeepAnalyze's server say it.",
  })
  analyze?: CodeInterpreterResourcesDto | null;

  @Nest(FileSearchResourcesDto)
  file_search?: FileSearchResourcesDto | null;
}

export function toToolResources(dto: ToolResourcesDto | null | undefined): ToolResources {
  const code = dto?.code_interpreter ?? dto?.analyze;
  return {
    ...(code ? { code_interpreter: { file_ids: code.file_ids ?? [] } } : {}),
    ...(dto?.file_search ? { file_search: { vector_store_ids: dto.file_search.vector_store_ids ?? [] } } : {}),
  };
}

import type { AssistantTool, FileSearchOptions, SearchRankingOptions } from '@libs/openai-wire';
import { Choice, Flag, JsonObject, Nest, NestList, Numeric, Text, type PropertyOptions } from '../validation/index.js';
import { checkHybridSearch, HybridSearchDto } from './hybrid-search.dto.js';

export class RankingOptionsDto {
  @Choice(['auto', 'default_2024_08_21'])
  ranker?: 'auto' | 'default_2024_08_21';

  @Numeric({ required: true, min: 0, max: 1 })
  score_threshold: number;

  @Nest(HybridSearchDto)
  hybrid_search?: HybridSearchDto | null;
}

export class FileSearchOptionsDto {
  @Numeric({ integer: true, min: 1, max: 50 })
  max_num_results?: number;

  @Nest(RankingOptionsDto)
  ranking_options?: RankingOptionsDto;

  @Flag({ description: 'Extension: refuse to answer where nothing relevant is found.' })
  grounded?: boolean | null;
}

export class FunctionDto {
  @Text({ required: true, pattern: /^[a-zA-Z0-9_-]{1,64}$/ })
  name: string;

  @Text({ max: 10_000 })
  description?: string;

  @JsonObject({ description: 'JSON schema of the arguments.' })
  parameters?: Record<string, unknown>;

  @Flag({ nullable: true })
  strict?: boolean | null;
}

export class ToolDto {
  @Text({ required: true, max: 64, description: 'code_interpreter, file_search, function, or a tool of this server.' })
  type: string;
}

/** Extension: whether there is a tool of the name, and what its options may be, only the tools know. */
export class BuiltInToolDto extends ToolDto {
  @JsonObject({ description: 'Extension: settings of a tool of this server.' })
  options?: Record<string, unknown> | null;
}

export class CodeInterpreterToolDto extends ToolDto {}

export class FileSearchToolDto extends ToolDto {
  @Nest(FileSearchOptionsDto)
  file_search?: FileSearchOptionsDto;
}

export class FunctionToolDto extends ToolDto {
  @Nest(FunctionDto, { required: true })
  function: FunctionDto;
}

const TOOL_UNION = {
  base: BuiltInToolDto,
  isOpen: true,
  discriminator: {
    property: 'type',
    subTypes: [
      { name: 'code_interpreter', value: CodeInterpreterToolDto },
      { name: 'file_search', value: FileSearchToolDto },
      { name: 'function', value: FunctionToolDto },
    ],
  },
};

/** A list of tools, each by its type. */
export const ToolList = (options: PropertyOptions & { max: number }): PropertyDecorator =>
  NestList(TOOL_UNION, options);

export type ToolsDto = (CodeInterpreterToolDto | FileSearchToolDto | FunctionToolDto | BuiltInToolDto)[];

const ANY_ARGUMENTS = { type: 'object', properties: {} };

/** Tools as they are kept. Throws 400 for a search by which nothing would count. */
export function toTools(tools: ToolsDto | null | undefined): AssistantTool[] {
  return (tools ?? []).map((tool, index) => {
    // What clients of DeepAnalyze's server call it.
    if (tool.type === 'analyze') return { type: 'code_interpreter' };
    if (tool instanceof FunctionToolDto) {
      const { name, description, parameters, strict } = tool.function;
      return {
        type: 'function',
        function: {
          name,
          ...(description === undefined ? {} : { description }),
          parameters: parameters ?? ANY_ARGUMENTS,
          strict: strict ?? false,
        },
      };
    }
    if (tool instanceof FileSearchToolDto) {
      return { type: 'file_search', file_search: toFileSearchOptions(tool.file_search ?? {}, `tools[${index}]`) };
    }
    if (tool instanceof BuiltInToolDto) return { type: 'built_in', name: tool.type, options: tool.options ?? {} };
    return { type: 'code_interpreter' };
  });
}

/** What is left open stays so: searches then go by the server's settings. */
function toFileSearchOptions(options: FileSearchOptionsDto, path: string): FileSearchOptions {
  const { max_num_results, ranking_options: ranking, grounded } = options;
  checkHybridSearch(ranking?.hybrid_search, `${path}.file_search.ranking_options`);
  return {
    ...(max_num_results === undefined ? {} : { max_num_results }),
    ...(ranking === undefined ? {} : { ranking_options: toRanking(ranking) }),
    ...(grounded === true ? { grounded } : {}),
  };
}

function toRanking({ ranker, score_threshold, hybrid_search }: RankingOptionsDto): SearchRankingOptions {
  const { embedding_weight, text_weight } = hybrid_search ?? {};
  return {
    score_threshold,
    ...(ranker === undefined ? {} : { ranker }),
    ...(embedding_weight === undefined || text_weight === undefined
      ? {}
      : { hybrid_search: { embedding_weight, text_weight } }),
  };
}

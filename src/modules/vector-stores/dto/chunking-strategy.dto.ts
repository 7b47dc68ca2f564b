import { Choice, Nest, Numeric, type PropertyOptions } from '../../../common/validation/index.js';

export const CHUNKING_TYPES = ['auto', 'static', 'recursive', 'sentence', 'markdown', 'code', 'semantic'] as const;
export type ChunkingType = (typeof CHUNKING_TYPES)[number];

const SMALLEST_CHUNK = 100;
const LARGEST_CHUNK = 4096;

export class ChunkingStrategyDto {
  @Choice(CHUNKING_TYPES, { required: true })
  type: ChunkingType;
}

/** 800 tokens with an overlap of 400. */
export class AutoChunkingDto extends ChunkingStrategyDto {}

export class StaticSizesDto {
  @Numeric({ required: true, integer: true, min: SMALLEST_CHUNK, max: LARGEST_CHUNK })
  max_chunk_size_tokens: number;

  @Numeric({ required: true, integer: true, min: 0, max: LARGEST_CHUNK, description: 'At most half of the size.' })
  chunk_overlap_tokens: number;
}

export class StaticChunkingDto extends ChunkingStrategyDto {
  @Nest(StaticSizesDto, { required: true })
  static: StaticSizesDto;
}

export class ChunkSizesDto {
  @Numeric({ integer: true, min: SMALLEST_CHUNK, max: LARGEST_CHUNK, description: 'Default 800.' })
  max_chunk_size_tokens?: number;

  @Numeric({ integer: true, min: 0, max: LARGEST_CHUNK, description: 'At most half of the size, the default.' })
  chunk_overlap_tokens?: number;
}

export class RecursiveChunkingDto extends ChunkingStrategyDto {
  @Nest(ChunkSizesDto, { description: 'Extension: cuts at paragraphs, then lines, sentences, words.' })
  recursive?: ChunkSizesDto | null;
}

export class SentenceChunkingDto extends ChunkingStrategyDto {
  @Nest(ChunkSizesDto, { description: 'Extension: whole sentences.' })
  sentence?: ChunkSizesDto | null;
}

export class MarkdownChunkingDto extends ChunkingStrategyDto {
  @Nest(ChunkSizesDto, { description: 'Extension: cuts at headings.' })
  markdown?: ChunkSizesDto | null;
}

export class CodeChunkingDto extends ChunkingStrategyDto {
  @Nest(ChunkSizesDto, { description: 'Extension: cuts between definitions.' })
  code?: ChunkSizesDto | null;
}

export class SemanticSizesDto {
  @Numeric({ integer: true, min: SMALLEST_CHUNK, max: LARGEST_CHUNK, description: 'Default 800.' })
  max_chunk_size_tokens?: number;

  @Numeric({ min: 0, max: 100, description: 'Cuts where sentences are less alike than this per cent. Default 95.' })
  breakpoint_percentile?: number;
}

export class SemanticChunkingDto extends ChunkingStrategyDto {
  @Nest(SemanticSizesDto, { description: 'Extension: cuts where the subject changes, by embeddings.' })
  semantic?: SemanticSizesDto | null;
}

export type AnyChunkingDto =
  | AutoChunkingDto
  | StaticChunkingDto
  | RecursiveChunkingDto
  | SentenceChunkingDto
  | MarkdownChunkingDto
  | CodeChunkingDto
  | SemanticChunkingDto;

const MEMBERS: Record<ChunkingType, new () => ChunkingStrategyDto> = {
  auto: AutoChunkingDto,
  static: StaticChunkingDto,
  recursive: RecursiveChunkingDto,
  sentence: SentenceChunkingDto,
  markdown: MarkdownChunkingDto,
  code: CodeChunkingDto,
  semantic: SemanticChunkingDto,
};

/** How a file is cut; OpenAI's `auto` and `static`, and our own. */
export const ChunkingStrategyProperty = (options: PropertyOptions = {}): PropertyDecorator =>
  Nest(
    {
      base: ChunkingStrategyDto,
      discriminator: {
        property: 'type',
        subTypes: Object.entries(MEMBERS).map(([name, value]) => ({ name, value })),
      },
    },
    options,
  );

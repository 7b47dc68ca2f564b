import { assertNever } from '@libs/kernel';
import { invalidRequest } from '@libs/openai-wire';
import { DEFAULT_CHUNKING, type ChunkingStrategy } from '@libs/retrieval';
import {
  CodeChunkingDto,
  MarkdownChunkingDto,
  RecursiveChunkingDto,
  SemanticChunkingDto,
  SentenceChunkingDto,
  StaticChunkingDto,
  type AnyChunkingDto,
  type ChunkSizesDto,
} from './dto/chunking-strategy.dto.js';

const DEFAULT_SIZE = 800;
const DEFAULT_BREAKPOINT_PERCENTILE = 95;

/** Throws 400 for an overlap that is too long. @param path where the request has it */
export function toChunking(dto: AnyChunkingDto | null | undefined, path = 'chunking_strategy'): ChunkingStrategy {
  if (dto instanceof StaticChunkingDto) return sized('static', dto.static, path);
  if (dto instanceof RecursiveChunkingDto) return sized('recursive', dto.recursive, path);
  if (dto instanceof SentenceChunkingDto) return sized('sentence', dto.sentence, path);
  if (dto instanceof MarkdownChunkingDto) return sized('markdown', dto.markdown, path);
  if (dto instanceof CodeChunkingDto) return sized('code', dto.code, path);
  if (dto instanceof SemanticChunkingDto) {
    return {
      type: 'semantic',
      maxTokens: dto.semantic?.max_chunk_size_tokens ?? DEFAULT_SIZE,
      breakpointPercentile: dto.semantic?.breakpoint_percentile ?? DEFAULT_BREAKPOINT_PERCENTILE,
    };
  }
  return { ...DEFAULT_CHUNKING };
}

type SizedType = Exclude<ChunkingStrategy['type'], 'semantic'>;

function sized(type: SizedType, sizes: ChunkSizesDto | null | undefined, path: string): ChunkingStrategy {
  const maxTokens = sizes?.max_chunk_size_tokens ?? DEFAULT_SIZE;
  const longest = Math.floor(maxTokens / 2);
  const overlapTokens = sizes?.chunk_overlap_tokens ?? longest;
  if (overlapTokens > longest) {
    const param = `${path}.${type}.chunk_overlap_tokens`;
    throw invalidRequest(
      `Invalid '${param}': chunk_overlap_tokens must be at most half of max_chunk_size_tokens (${maxTokens}), but got ${overlapTokens} instead.`,
      param,
      'invalid_value',
    );
  }
  return { type, maxTokens, overlapTokens };
}

interface WireSizes {
  max_chunk_size_tokens: number;
  chunk_overlap_tokens: number;
}

/** As files in stores show it; `auto` shows the sizes that it stands for. */
export type WireChunking =
  | { type: 'static'; static: WireSizes }
  | { type: 'recursive'; recursive: WireSizes }
  | { type: 'sentence'; sentence: WireSizes }
  | { type: 'markdown'; markdown: WireSizes }
  | { type: 'code'; code: WireSizes }
  | { type: 'semantic'; semantic: { max_chunk_size_tokens: number; breakpoint_percentile: number } };

export function toWireChunking(chunking: ChunkingStrategy): WireChunking {
  if (chunking.type === 'semantic') {
    const { maxTokens, breakpointPercentile } = chunking;
    return {
      type: 'semantic',
      semantic: { max_chunk_size_tokens: maxTokens, breakpoint_percentile: breakpointPercentile },
    };
  }
  const sizes = { max_chunk_size_tokens: chunking.maxTokens, chunk_overlap_tokens: chunking.overlapTokens };
  switch (chunking.type) {
    case 'static':
      return { type: 'static', static: sizes };
    case 'recursive':
      return { type: 'recursive', recursive: sizes };
    case 'sentence':
      return { type: 'sentence', sentence: sizes };
    case 'markdown':
      return { type: 'markdown', markdown: sizes };
    case 'code':
      return { type: 'code', code: sizes };
    default:
      return assertNever(chunking);
  }
}

import { Injectable, type PipeTransform } from '@nestjs/common';
import { createValidationPipe } from '../../../common/validation/index.js';
import { ListStoredCompletionsDto } from '../dto/stored-completions.dto.js';

const PAIR = /^metadata\[(.*)\]$/s;

/** Gathers the pairs of `metadata[key]=value`, which arrive as parameters of their own, and checks the query. */
@Injectable()
export class MetadataQueryPipe implements PipeTransform {
  private readonly validation = createValidationPipe();

  transform(query: Record<string, unknown>): Promise<ListStoredCompletionsDto> {
    return this.validation.transform(gatherMetadata(query), {
      type: 'query',
      metatype: ListStoredCompletionsDto,
    }) as Promise<ListStoredCompletionsDto>;
  }
}

/** Exported for its table test. */
export function gatherMetadata(query: Record<string, unknown>): Record<string, unknown> {
  const pairs: [string, unknown][] = [];
  const others: [string, unknown][] = [];
  for (const [name, value] of Object.entries(query)) {
    const key = PAIR.exec(name)?.[1];
    if (key === undefined) others.push([name, value]);
    else pairs.push([key, value]);
  }
  return Object.fromEntries(pairs.length === 0 ? others : [...others, ['metadata', Object.fromEntries(pairs)]]);
}

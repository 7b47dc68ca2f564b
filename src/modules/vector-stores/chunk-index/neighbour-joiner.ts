import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { joinNeighbours, type Chunk, type IndexScope, type SearchRequest } from '@libs/retrieval';
import { CONFIG } from '../../../common/config.token.js';
import { IndexSearchRepository, type FoundChunk } from './index-search.repository.js';

/** Shows results together with the chunks around them, where that is wanted. */
@Injectable()
export class NeighbourJoiner {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly index: IndexSearchRepository,
  ) {}

  /** In the same order. What an earlier result shows already, neighbours included, is left out. */
  async join<Item extends { found: FoundChunk }>(
    scope: IndexScope,
    { neighbours = this.config.RAG_NEIGHBOURS }: SearchRequest,
    items: readonly Item[],
    stores: readonly { store: number; version: number }[],
  ): Promise<Item[]> {
    if (neighbours === 0 || items.length === 0) return [...items];
    const wanted = new Map<string, { store: number; chunk: number }>();
    for (const { found } of items) {
      for (let chunk = Math.max(0, found.number - neighbours); chunk <= found.number + neighbours; chunk += 1) {
        if (chunk !== found.number) wanted.set(`${found.store}:${chunk}`, { store: found.store, chunk });
      }
    }
    const around = await this.index.find(scope, [...wanted.values()], stores);
    return withoutRepetitions(items.map((item) => ({ ...item, found: joined(item.found, around, neighbours) })));
  }
}

function joined(found: FoundChunk, around: readonly FoundChunk[], reach: number): FoundChunk {
  const near = around.filter(
    ({ store, fileId, number }) =>
      store === found.store && fileId === found.fileId && Math.abs(number - found.number) <= reach,
  );
  return {
    ...found,
    chunk: joinNeighbours(
      found.chunk,
      near.map(({ chunk }): Chunk => chunk),
    ),
  };
}

function withoutRepetitions<Item extends { found: FoundChunk }>(items: readonly Item[]): Item[] {
  const kept: Item[] = [];
  for (const item of items) {
    if (!kept.some(({ found }) => shows(found, item.found))) kept.push(item);
  }
  return kept;
}

function shows(shown: FoundChunk, { store, fileId, chunk }: FoundChunk): boolean {
  if (shown.store !== store || shown.fileId !== fileId) return false;
  return shown.chunk.start <= chunk.start && chunk.end <= shown.chunk.end;
}

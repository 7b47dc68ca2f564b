import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { CONFIG } from '../../../common/config.token.js';
import { QueryModel } from './query-model.js';
import { REWRITE_PROMPT, VARIANTS_PROMPT } from './query-prompts.js';
import { readReplyQueries } from './query-reply.js';

/** Injects what puts questions into other words: `@Inject(QUERY_EXPANDER) expander: QueryExpander`. */
export const QUERY_EXPANDER = Symbol('QUERY_EXPANDER');

export interface QueryExpander {
  /** Each query as a model puts it, then those as they were asked; as they are where no model does. */
  rewrite(queries: readonly string[], signal?: AbortSignal): Promise<string[]>;
  /** The queries, then variants of the first, where the server is set to think of some. */
  vary(queries: readonly string[], signal?: AbortSignal): Promise<string[]>;
}

/** More are not rewritten: each costs a call. */
const MOST_REWRITTEN = 4;

@Injectable()
export class ModelQueryExpander implements QueryExpander {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly model: QueryModel,
  ) {}

  async rewrite(queries: readonly string[], signal?: AbortSignal): Promise<string[]> {
    const model = this.config.RAG_QUERY_MODEL;
    if (model === undefined) return [...queries];
    const rewritten = await Promise.all(
      queries.slice(0, MOST_REWRITTEN).map(async (input) => {
        const reply = await this.model.ask({ model, prompt: REWRITE_PROMPT, input, signal });
        return readReplyQueries(reply ?? '', 1);
      }),
    );
    return [...new Set([...rewritten.flat(), ...queries])];
  }

  async vary(queries: readonly string[], signal?: AbortSignal): Promise<string[]> {
    const { RAG_QUERY_MODEL: model, RAG_USE_MULTI_QUERY: wanted, RAG_MULTI_QUERY_COUNT: count } = this.config;
    const [question] = queries;
    if (model === undefined || !wanted || question === undefined) return [...queries];
    const input = `Variants wanted: ${count}\nQuestion: ${question}`;
    const reply = await this.model.ask({ model, prompt: VARIANTS_PROMPT, input, signal });
    return [...new Set([...queries, ...readReplyQueries(reply ?? '', count)])];
  }
}

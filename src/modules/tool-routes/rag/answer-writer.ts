import { readFileSync } from 'node:fs';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import type { ModelGateway } from '@libs/llm';
import { CONFIG } from '../../../common/config.token.js';
import { contextSizeOf } from '../../../providers/context-size.js';
import { MODEL_GATEWAY } from '../../../providers/models.module.js';
import { fittingHits } from '../../tools/index.js';
import { readModelReply, type StoreSearchHit } from '../../vector-stores/index.js';
import { answerInput, withKnownCitations } from './answer-text.js';

const PROMPT = readFileSync(new URL('./prompts/answer.md', import.meta.url), 'utf8').trimEnd();
const LONGEST_ANSWER = 100_000;

/** Has the default model answer questions from what was found. */
@Injectable()
export class AnswerWriter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MODEL_GATEWAY) private readonly models: ModelGateway,
  ) {}

  /** Those of the hits that the model's context has room for, best first: `[Document i]` is the i-th of them. */
  async choose(hits: readonly StoreSearchHit[]): Promise<StoreSearchHit[]> {
    return fittingHits(hits, await contextSizeOf(this.models, await this.models.defaultModel(), this.config));
  }

  /** Throws ModelErrors, and the signal's reason. */
  async write(question: string, hits: readonly StoreSearchHit[], signal: AbortSignal): Promise<string> {
    const task = {
      model: await this.models.defaultModel(),
      prompt: PROMPT,
      input: answerInput(question, hits),
      maxTokens: this.config.MAX_NEW_TOKENS,
      longestReply: LONGEST_ANSWER,
    };
    return withKnownCitations(await readModelReply(this.models, task, signal), hits.length);
  }
}

import { Injectable } from '@nestjs/common';
import { fenced } from './model-reply.js';
import { QueryModel } from './query-model.js';
import { RANK_PROMPT } from './query-prompts.js';
import { readReplyScores } from './query-reply.js';

/** More passages are more than models keep apart; those beyond score nothing. */
const MOST_PASSAGES = 20;
const LONGEST_PASSAGE = 1500;

/** Has a chat model judge how well passages answer a question. */
@Injectable()
export class ModelRanker {
  constructor(private readonly model: QueryModel) {}

  /** A score from 0 to 1 for each text; null where the model does not answer, or not in a way that can be read. */
  async score(
    model: string,
    question: string,
    texts: readonly string[],
    signal?: AbortSignal,
  ): Promise<number[] | null> {
    const passages = texts.slice(0, MOST_PASSAGES);
    const input = `Question: ${question}\n\n${passages.map(toPassage).join('\n\n')}`;
    const reply = await this.model.ask({ model, prompt: RANK_PROMPT, input, signal });
    const scores = reply === null ? null : readReplyScores(reply, passages.length);
    return scores && texts.map((_, index) => scores[index] ?? 0);
  }
}

function toPassage(text: string, index: number): string {
  return `<passage number="${index + 1}">\n${fenced('passage', text.slice(0, LONGEST_PASSAGE))}\n</passage>`;
}

import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import type { ModelGateway } from '@libs/llm';
import { CONFIG } from '../../../common/config.token.js';
import { MODEL_GATEWAY } from '../../../providers/models.module.js';
import { fenced, readModelReply } from '../query-model/model-reply.js';
import { DOCUMENT_PROMPT, MERGE_PROMPT, PART_PROMPT } from './summary-prompts.js';
import { partsOf, toSummary } from './summary-text.js';

/** Injects what summarises documents: `@Inject(DOCUMENT_SUMMARISER) summariser: DocumentSummariser`. */
export const DOCUMENT_SUMMARISER = Symbol('DOCUMENT_SUMMARISER');

export interface DocumentSummariser {
  /** The configured model; undefined where there is none. */
  readonly model: string | undefined;
  /** A few sentences on a document. Throws where the model does not answer, or says nothing, and the signal's reason. */
  summarise(text: string, signal: AbortSignal): Promise<string>;
}

/** A model that is silent for so long is asked again later. */
const PATIENCE_MS = 120_000;

/** Has a chat model read a document: at once, or part by part, and then what it wrote of the parts. */
@Injectable()
export class ModelSummariser implements DocumentSummariser {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MODEL_GATEWAY) private readonly gateway: ModelGateway,
  ) {}

  get model(): string | undefined {
    return this.config.RAG_SUMMARY_MODEL;
  }

  async summarise(text: string, signal: AbortSignal): Promise<string> {
    const [only = '', ...others] = partsOf(text);
    if (others.length === 0) return this.ask(DOCUMENT_PROMPT, only, signal);
    const summaries: string[] = [];
    for (const part of [only, ...others]) summaries.push(await this.ask(PART_PROMPT, part, signal));
    return this.ask(MERGE_PROMPT, summaries.join('\n\n'), signal);
  }

  private async ask(prompt: string, text: string, signal: AbortSignal): Promise<string> {
    if (this.model === undefined) throw new Error('No model summarises documents.');
    const input = `<document>\n${fenced('document', text)}\n</document>`;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const summary = toSummary(await readModelReply(this.gateway, { model: this.model, prompt, input }, limit));
    if (summary === '') throw new Error('The model wrote no summary.');
    return summary;
  }
}

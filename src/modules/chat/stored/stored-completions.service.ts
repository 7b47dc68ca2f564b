import { Injectable, Logger } from '@nestjs/common';
import { errorMessage } from '@libs/kernel';
import { notFound, type Metadata } from '@libs/openai-wire';
import type { TenantScope } from '../../../common/principal.js';
import type { Page, PageRequest } from '../../../database/pagination.js';
import { MOST_KEPT_BYTES } from './answer-readers.js';
import type { CompletionRecording } from './completion-recording.js';
import { pageOfMessages, toStoredMessages, type StoredMessage } from './stored-messages.js';
import { StoredCompletionsRepository } from './stored-completions.repository.js';
import type { StoredCompletionFilter, StoredCompletionRecord } from './stored-completions.types.js';

/** What is kept with an answer. */
export interface RecordedRequest {
  /** Told for an answer that names no model. */
  model: string;
  metadata: Metadata;
  messages: Record<string, unknown>[];
}

/** Chat completions that their clients asked to keep (`store: true`). */
@Injectable()
export class StoredCompletionsService {
  private readonly logger = new Logger('StoredCompletions');

  constructor(private readonly completions: StoredCompletionsRepository) {}

  record(scope: TenantScope, request: RecordedRequest): CompletionRecording {
    return {
      save: async (completion) => {
        try {
          const problem =
            completion === undefined ? 'it did not come whole' : await this.keep(scope, request, completion);
          if (problem !== undefined) this.logger.warn(`A chat completion was not kept: ${problem}.`);
        } catch (error) {
          this.logger.error(`A chat completion was not kept: ${errorMessage(error)}`);
        }
      },
    };
  }

  list(scope: TenantScope, page: PageRequest, filter: StoredCompletionFilter): Promise<Page<StoredCompletionRecord>> {
    return this.completions.listMatching(scope, page, filter);
  }

  async get(scope: TenantScope, id: string): Promise<StoredCompletionRecord> {
    const completion = await this.completions.find(scope, id);
    if (!completion) throw notFound('chat completion', id);
    return completion;
  }

  async updateMetadata(scope: TenantScope, id: string, metadata: Metadata): Promise<StoredCompletionRecord> {
    const completion = await this.completions.update(scope, id, { metadata });
    if (!completion) throw notFound('chat completion', id);
    return completion;
  }

  async delete(scope: TenantScope, id: string): Promise<void> {
    if (!(await this.completions.remove(scope, id))) throw notFound('chat completion', id);
  }

  /** The messages of the request, in the order they had there. */
  async listMessages(scope: TenantScope, id: string, page: PageRequest): Promise<Page<StoredMessage>> {
    const messages = await this.completions.findMessages(scope, id);
    if (!messages) throw notFound('chat completion', id);
    return pageOfMessages(toStoredMessages(id, messages), page);
  }

  /** Why the answer cannot be kept; undefined once it is. */
  private async keep(
    scope: TenantScope,
    { model, metadata, messages }: RecordedRequest,
    completion: Record<string, unknown>,
  ): Promise<string | undefined> {
    const { id } = completion;
    if (typeof id !== 'string') return 'it has no id';
    if (Buffer.byteLength(JSON.stringify(completion)) > MOST_KEPT_BYTES) return 'it is too large';
    const served = typeof completion['model'] === 'string' ? completion['model'] : model;
    await this.completions.insert(scope, { id, model: served, metadata, completion, messages });
    return undefined;
  }
}

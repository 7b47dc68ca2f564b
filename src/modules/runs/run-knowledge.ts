import { Injectable } from '@nestjs/common';
import type { ToolResources } from '@libs/openai-wire';
import type { TenantScope } from '../../common/principal.js';
import { AssistantsService } from '../assistants/index.js';
import { ThreadsService } from '../threads/index.js';
import type { Knowledge } from '../tools/index.js';
import type { RunRecord, RunStepRecord } from './runs.types.js';

/** What a run may search: the stores of its assistant, of its thread, and its own. */
@Injectable()
export class RunKnowledge {
  constructor(
    private readonly assistants: AssistantsService,
    private readonly threads: ThreadsService,
  ) {}

  /** Undefined for a run that does not search. */
  async of(
    run: RunRecord,
    steps: readonly RunStepRecord[],
    contextSize: number | undefined,
  ): Promise<Knowledge | undefined> {
    if (!run.tools.some(({ type }) => type === 'file_search')) return undefined;
    const scope: TenantScope = { projectId: run.projectId };
    // Runs outlive their assistant.
    const assistant = await this.assistants.find(scope, run.assistantId);
    const thread = await this.threads.get(scope, run.threadId);
    const own = [...storesOf(thread.toolResources), ...storesOf(run.toolResources)];
    return {
      storeIds: [...new Set([...own, ...storesOf(assistant?.toolResources ?? {})])],
      awaitedStoreIds: own,
      earlier: steps.filter(({ status }) => status === 'completed').flatMap(searchesOf),
      contextSize,
      cites: !isJson(run),
    };
  }
}

function storesOf({ file_search }: ToolResources): string[] {
  return file_search?.vector_store_ids ?? [];
}

function searchesOf({ toolCalls }: RunStepRecord): Knowledge['earlier'] {
  return toolCalls.flatMap(({ search }) => (search ? [search.results] : []));
}

function isJson({ responseFormat }: RunRecord): boolean {
  return responseFormat !== 'auto' && responseFormat.type !== 'text';
}

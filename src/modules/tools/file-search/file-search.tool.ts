import type { SearchResult, SourceList, Tool, ToolCall, ToolEvent } from '@libs/agent';
import type { FileSearchOptions } from '@libs/openai-wire';
import type { TenantScope } from '../../../common/principal.js';
import type { StoreSearchRequest, VectorStoresService } from '../../vector-stores/index.js';
import { fittingHits, toPassage } from './passages.js';
import { DESCRIPTION } from './search-prompts.js';
import { BAD_ARGUMENTS, QUERY_PARAMETERS, readQueries } from './search-queries.js';
import { searchReport } from './search-report.js';

/** What a run may search, and what it knows already. */
export interface Knowledge {
  storeIds: readonly string[];
  /** Of these, the ones whose files are waited for: those of the thread, just attached perhaps. */
  awaitedStoreIds: readonly string[];
  /** What earlier searches of the run found, oldest first. */
  earlier: readonly (readonly SearchResult[])[];
  /** Tokens that the model takes; undefined where nobody knows. */
  contextSize: number | undefined;
  /** Whether answers may bear citations: JSON may not. */
  cites: boolean;
}

/** Without another number in the tool's options. */
const DEFAULT_RESULTS = 20;

/** Searches the stores of a run. What it finds is added to the sources, in whose numbers the model cites. */
export class FileSearchTool implements Tool {
  readonly kind = 'file_search';
  readonly definition = { name: 'file_search', description: DESCRIPTION, parameters: QUERY_PARAMETERS };
  private isAwaited = false;

  constructor(
    private readonly stores: Pick<VectorStoresService, 'search' | 'waitUntilReady'>,
    private readonly scope: TenantScope,
    private readonly knowledge: Knowledge,
    private readonly options: FileSearchOptions,
    private readonly sources: SourceList,
  ) {}

  async *execute(call: ToolCall, signal: AbortSignal): AsyncGenerator<ToolEvent> {
    const queries = readQueries(call.arguments);
    if (queries === null) {
      yield { type: 'result', content: BAD_ARGUMENTS };
      return;
    }
    await this.awaitFiles(signal);
    const hits = await this.stores.search(this.scope, this.knowledge.storeIds, toSearch(queries, this.options, signal));
    const chosen = fittingHits(hits, this.knowledge.contextSize);
    const results = this.sources.add(chosen.map(toPassage));
    yield { type: 'output', output: { type: 'search', results } };
    const metadata = new Map(chosen.map(({ fileId, documentMetadata }) => [fileId, documentMetadata]));
    yield { type: 'result', content: searchReport(results, metadata) };
  }

  /** Once: files that cannot be had in time are not waited for again. */
  private async awaitFiles(signal: AbortSignal): Promise<void> {
    if (this.isAwaited) return;
    this.isAwaited = true;
    await this.stores.waitUntilReady(this.scope, this.knowledge.awaitedStoreIds, { signal });
    signal.throwIfAborted();
  }
}

/** Whoever names a threshold says by it what is relevant. */
function toSearch(
  queries: readonly string[],
  { max_num_results, ranking_options, grounded }: FileSearchOptions,
  signal: AbortSignal,
): StoreSearchRequest {
  const { score_threshold: scoreThreshold, ranker = 'auto', hybrid_search: hybrid } = ranking_options ?? {};
  return {
    ...{ queries, limit: max_num_results ?? DEFAULT_RESULTS, scoreThreshold, ranker, signal },
    onlyRelevant: grounded === true && (scoreThreshold ?? 0) === 0,
    ...(hybrid ? { hybrid: { embeddingWeight: hybrid.embedding_weight, textWeight: hybrid.text_weight } } : {}),
  };
}

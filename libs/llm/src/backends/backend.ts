import type { EmbeddingDialect } from '../embeddings/embedding-dialect.js';
import type { DetailsDialect } from './model-details.js';

/** What is particular about one kind of model server, as data. */
export interface Backend {
  readonly name: string;
  /** Appended to the configured address unless it ends so already. */
  readonly apiPath: '/v1' | '';
  /** Asked for health; below the address without `apiPath` when `fromRoot`, else below the API. */
  readonly health: { readonly path: string; readonly fromRoot: boolean };
  /** Where the limit of new tokens goes. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Whether chat templates behind it know the role `developer`. Otherwise it is sent as `system`. */
  readonly developerRole: boolean;
  /** Whether it takes the name of a function for `tool_choice`. Else it is told of that function alone, and that it must call. */
  readonly namedToolChoice: boolean;
  /** Whether it has slots that keep the prompts of conversations, listed at `/slots` below its root. */
  readonly hasSlots?: boolean;
  /** How the server counts tokens, below its root; absent where it does not. */
  readonly tokenize?: {
    readonly path: string;
    body(model: string, text: string): Record<string, unknown>;
    /** The count in its answer. */
    count(answer: unknown): number | undefined;
  };
  /** Absent where the list of models says all. */
  readonly details?: DetailsDialect;
  readonly embeddings: EmbeddingDialect;
  /** Path below the API of what scores documents; absent where the server has none. */
  readonly rerankPath?: string;
  /** `owned_by` where the server leaves it empty. */
  readonly owner: string;
}

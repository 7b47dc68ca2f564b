import type { AgentType, SearchResult } from '@libs/agent';
import type { TokenUsage } from '@libs/llm';
import type {
  AssistantTool,
  Metadata,
  ReasoningEffort,
  ResponseFormatOption,
  RunStatus,
  RunStepStatus,
  ToolChoiceOption,
  ToolResources,
  TruncationStrategy,
} from '@libs/openai-wire';

export type RunErrorCode = 'server_error' | 'rate_limit_exceeded' | 'invalid_prompt';

export interface RunError {
  code: RunErrorCode;
  message: string;
}

export type RunIncompleteReason = 'max_completion_tokens' | 'max_prompt_tokens';

/** A call that waits for the client's output. */
export interface RequiredCall {
  id: string;
  name: string;
  arguments: string;
}

export interface RunRecord {
  id: string;
  projectId: string;
  createdAt: Date;
  threadId: string;
  assistantId: string;
  status: RunStatus;
  requiredCalls: RequiredCall[] | null;
  lastError: RunError | null;
  incompleteReason: RunIncompleteReason | null;
  /** Null once the run has ended (openai-wire.md section 6). */
  expiresAt: Date | null;
  startedAt: Date | null;
  cancelledAt: Date | null;
  failedAt: Date | null;
  completedAt: Date | null;
  model: string;
  instructions: string | null;
  tools: AssistantTool[];
  toolResources: ToolResources;
  metadata: Metadata;
  usage: TokenUsage | null;
  temperature: number | null;
  topP: number | null;
  maxPromptTokens: number | null;
  maxCompletionTokens: number | null;
  truncationStrategy: TruncationStrategy;
  toolChoice: ToolChoiceOption;
  parallelToolCalls: boolean;
  responseFormat: ResponseFormatOption;
  reasoningEffort: ReasoningEffort | null;
  /** Extension. Null: the model answers, calling tools as it likes. */
  agentType: AgentType | null;
}

export type StepOutput = { type: 'logs'; logs: string } | { type: 'image'; fileId: string };

/** How a search ranks, as the wire names it. */
export interface SearchRanking {
  ranker: 'auto' | 'default_2024_08_21';
  score_threshold: number;
}

/** What a call searched by, and what it found. */
export interface StepSearch {
  ranking: SearchRanking;
  results: SearchResult[];
}

/** One call of a step: what the wire shows, and what the model wrote and read. */
export interface StepToolCall {
  id: string;
  kind: 'code_interpreter' | 'file_search' | 'function';
  name: string;
  /** As shown: code, or a function's arguments. */
  input: string;
  outputs: StepOutput[];
  /** Of a call of `file_search` only. */
  search?: StepSearch;
  /** As the model wrote them. */
  arguments: string;
  /** What the model reads of the result; null while there is none. */
  result: string | null;
}

export interface RunStepRecord {
  id: string;
  projectId: string;
  createdAt: Date;
  threadId: string;
  runId: string;
  assistantId: string;
  type: 'message_creation' | 'tool_calls';
  status: RunStepStatus;
  /** Of a message_creation step. */
  messageId: string | null;
  /** Of a tool_calls step. */
  toolCalls: StepToolCall[];
  lastError: { code: 'server_error' | 'rate_limit_exceeded'; message: string } | null;
  expiredAt: Date | null;
  cancelledAt: Date | null;
  failedAt: Date | null;
  completedAt: Date | null;
  metadata: Metadata;
  usage: TokenUsage | null;
}

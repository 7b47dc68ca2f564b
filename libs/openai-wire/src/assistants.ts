import type OpenAI from 'openai';

/** The objects of the Assistants wire as the official SDK types them, with what the real API sends beyond. */
export type WireAssistant = Omit<OpenAI.Beta.Assistant, 'tools'> & {
  tools: WireTool[];
  reasoning_effort?: string | null;
  /** Extension: how runs go about their tasks. */
  agent_type?: string;
  /** Extension: files given to the assistant by `file_ids`. */
  file_ids?: string[];
};
export type WireThread = OpenAI.Beta.Thread & { file_ids?: string[] };
export type WireMessage = OpenAI.Beta.Threads.Message & { file_ids?: string[] };
export type WireMessageContent = OpenAI.Beta.Threads.MessageContent;
export type WireMessageDelta = OpenAI.Beta.Threads.MessageDeltaEvent;
export type WireAnnotation = OpenAI.Beta.Threads.Annotation;
export type WireRunStep = OpenAI.Beta.Threads.Runs.RunStep & { expires_at: number | null };
export type WireRunStepDelta = OpenAI.Beta.Threads.Runs.RunStepDeltaEvent;
export type WireUsage = OpenAI.Beta.Threads.Run.Usage & {
  prompt_token_details?: { cached_tokens: number };
  completion_tokens_details?: { reasoning_tokens: number };
};
export type WireRun = Omit<OpenAI.Beta.Threads.Run, 'instructions' | 'tools' | 'usage'> & {
  tools: WireTool[];
  instructions: string | null;
  usage: WireUsage | null;
  tool_resources?: ToolResources;
  reasoning_effort?: string | null;
  /** Extension: how the run goes about its task. */
  agent_type?: string;
};

export type RunStatus = OpenAI.Beta.Threads.RunStatus;
export type RunStepStatus = WireRunStep['status'];

/** A tool on the wire. Extension: tools of our own, each by its name. */
export type WireTool = OpenAI.Beta.AssistantTool | { type: string; options?: Readonly<Record<string, unknown>> };

/** How a search ranks, as far as it was said. */
export interface SearchRankingOptions {
  ranker?: 'auto' | 'default_2024_08_21';
  score_threshold?: number;
  hybrid_search?: { embedding_weight: number; text_weight: number } | null;
}

export interface FileSearchOptions {
  max_num_results?: number;
  ranking_options?: SearchRankingOptions;
  /** Extension: assistants refuse where nothing relevant is found. */
  grounded?: boolean;
}

/** A tool as it is kept. */
export type AssistantTool =
  | { type: 'code_interpreter' }
  | { type: 'file_search'; file_search?: FileSearchOptions }
  | {
      type: 'function';
      function: { name: string; description?: string; parameters?: Record<string, unknown>; strict?: boolean | null };
    }
  /** A tool of ours that OpenAI's wire does not know. */
  | { type: 'built_in'; name: string; options: Readonly<Record<string, unknown>> };

/** Defaults are filled in as OpenAI does (openai-wire.md section 7). */
export function toWireTool(tool: AssistantTool): WireTool {
  if (tool.type === 'file_search') return { ...tool, file_search: toWireFileSearch(tool.file_search) };
  if (tool.type !== 'built_in') return tool;
  return { type: tool.name, ...(Object.keys(tool.options).length === 0 ? {} : { options: tool.options }) };
}

function toWireFileSearch({ ranking_options: ranking, ...options }: FileSearchOptions = {}): object {
  const { ranker = 'default_2024_08_21', score_threshold = 0, hybrid_search = null } = ranking ?? {};
  return { ...options, ranking_options: { ranker, score_threshold, hybrid_search } };
}

export interface ToolResources {
  code_interpreter?: { file_ids: string[] };
  file_search?: { vector_store_ids: string[] };
}

export type ResponseFormatOption = OpenAI.Beta.Threads.AssistantResponseFormatOption;
export type ToolChoiceOption = OpenAI.Beta.Threads.AssistantToolChoiceOption;
export type TruncationStrategy = { type: 'auto' | 'last_messages'; last_messages: number | null };
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';
export type Metadata = Record<string, string>;

/** A file of a message and the tools that may read it. */
export interface MessageAttachment {
  file_id: string;
  tools: { type: 'code_interpreter' | 'file_search' }[];
}

/** Every event name of an Assistants stream that bears an object (openai-wire.md section 5.1). */
export type AssistantStreamEventName = OpenAI.Beta.AssistantStreamEvent['event'];

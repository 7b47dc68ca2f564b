import type { AgentType } from '@libs/agent';
import type { AssistantTool, Metadata, ReasoningEffort, ResponseFormatOption, ToolResources } from '@libs/openai-wire';

/** An assistant as the other modules see it. */
export interface AssistantRecord {
  id: string;
  projectId: string;
  createdAt: Date;
  name: string | null;
  description: string | null;
  model: string;
  instructions: string | null;
  tools: AssistantTool[];
  toolResources: ToolResources;
  /** Extension: files of the assistant, in the workspace of each of its runs. */
  fileIds: string[];
  metadata: Metadata;
  temperature: number | null;
  topP: number | null;
  responseFormat: ResponseFormatOption | null;
  reasoningEffort: ReasoningEffort | null;
  /** Extension: how its runs go about their tasks. Null: they answer, calling tools as they like. */
  agentType: AgentType | null;
}

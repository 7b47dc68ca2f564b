import type { MessageAttachment, Metadata, ToolResources, WireMessageContent } from '@libs/openai-wire';

export interface ThreadRecord {
  id: string;
  projectId: string;
  createdAt: Date;
  toolResources: ToolResources;
  /** Extension: files of the thread, in the workspace of each of its runs. */
  fileIds: string[];
  metadata: Metadata;
  /** The run that holds the thread; null while none is active. */
  activeRunId: string | null;
}

export type MessageStatus = 'in_progress' | 'completed' | 'incomplete';

export type MessageIncompleteReason = 'max_tokens' | 'content_filter' | 'run_cancelled' | 'run_failed' | 'run_expired';

export interface MessageRecord {
  id: string;
  projectId: string;
  createdAt: Date;
  threadId: string;
  role: 'user' | 'assistant';
  status: MessageStatus;
  incompleteReason: MessageIncompleteReason | null;
  completedAt: Date | null;
  incompleteAt: Date | null;
  content: WireMessageContent[];
  assistantId: string | null;
  runId: string | null;
  attachments: MessageAttachment[];
  /** Extension: files of the message, in the workspace of each of the thread's runs. */
  fileIds: string[];
  metadata: Metadata;
  /** Taken while a run was active, for after it: no list shows it and no run reads it until then. */
  queued: boolean;
}

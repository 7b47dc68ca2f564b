import type { AgentType } from '@libs/agent';

/** A turn of a chat completion's conversation, as its client or its model said it. */
export type SessionMessage = Record<string, unknown>;

/** A conversation that chat completions go on with. */
export interface SessionRecord {
  id: string;
  createdAt: Date;
  /** The agent it was begun with: that of requests that name none. */
  agentType: AgentType | null;
  /** System messages at the beginning of the latest request that had any. */
  instructions: SessionMessage[];
  /** Without the instructions. */
  messageCount: number;
  /** The model's id for the last code it ran; null: it has run none. */
  lastCodeCall: string | null;
}

/** A session as a request finds it. */
export interface OpenSession extends Pick<SessionRecord, 'id' | 'instructions' | 'lastCodeCall'> {
  /** Whether there is no such session yet: it begins with the first answer. */
  isNew: boolean;
  agentType: AgentType | undefined;
  /** The newest ones, oldest first. */
  messages: SessionMessage[];
}

/** What one request adds to a session. */
export interface SessionTurn extends Pick<SessionRecord, 'instructions' | 'lastCodeCall'> {
  agentType: AgentType | undefined;
  /** What the client said, and the answer. */
  messages: SessionMessage[];
}

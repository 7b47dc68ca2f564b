import type { AgentType } from '@libs/agent';
import type { TokenUsage } from '@libs/llm';
import type {
  AssistantTool,
  Metadata,
  ReasoningEffort,
  ResponseFormatOption,
  RunStatus,
  ToolChoiceOption,
  ToolResources,
  TruncationStrategy,
} from '@libs/openai-wire';
import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { RequiredCall, RunError, RunIncompleteReason, RunRecord } from '../runs.types.js';

const ACTIVE = `"status" IN ('queued', 'in_progress', 'requires_action', 'cancelling')`;

@Entity('runs')
@Index(['threadId', 'sequence'])
@Index('one_active_run_a_thread', ['threadId'], { unique: true, where: ACTIVE })
@Index('active_runs', ['status', 'leaseExpiresAt'], { where: ACTIVE })
export class RunEntity extends TenantEntity implements RunRecord {
  @Column('text', { name: 'thread_id' })
  threadId: string;

  @ManyToOne('ThreadEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'thread_id' })
  thread?: Relation<object>;

  /** No foreign key: runs outlive their assistant. */
  @Column('text', { name: 'assistant_id' })
  assistantId: string;

  @Column('text')
  status: RunStatus;

  @Column('jsonb', { nullable: true, name: 'required_calls' })
  requiredCalls: RequiredCall[] | null;

  @Column('jsonb', { nullable: true, name: 'last_error' })
  lastError: RunError | null;

  @Column('text', { nullable: true, name: 'incomplete_reason' })
  incompleteReason: RunIncompleteReason | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'expires_at' })
  expiresAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'started_at' })
  startedAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'cancelled_at' })
  cancelledAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'failed_at' })
  failedAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'completed_at' })
  completedAt: Date | null;

  @Column('text')
  model: string;

  @Column('text', { nullable: true })
  instructions: string | null;

  @Column('jsonb')
  tools: AssistantTool[];

  @Column('jsonb', { name: 'tool_resources' })
  toolResources: ToolResources;

  @Column('jsonb')
  metadata: Metadata;

  @Column('jsonb', { nullable: true })
  usage: TokenUsage | null;

  @Column('double precision', { nullable: true })
  temperature: number | null;

  @Column('double precision', { nullable: true, name: 'top_p' })
  topP: number | null;

  @Column('integer', { nullable: true, name: 'max_prompt_tokens' })
  maxPromptTokens: number | null;

  @Column('integer', { nullable: true, name: 'max_completion_tokens' })
  maxCompletionTokens: number | null;

  @Column('jsonb', { name: 'truncation_strategy' })
  truncationStrategy: TruncationStrategy;

  @Column('jsonb', { name: 'tool_choice' })
  toolChoice: ToolChoiceOption;

  @Column('boolean', { name: 'parallel_tool_calls' })
  parallelToolCalls: boolean;

  @Column('jsonb', { name: 'response_format' })
  responseFormat: ResponseFormatOption;

  @Column('text', { nullable: true, name: 'reasoning_effort' })
  reasoningEffort: ReasoningEffort | null;

  @Column('text', { nullable: true, name: 'agent_type' })
  agentType: AgentType | null;

  /** The process that executes the run, while its lease lasts. */
  @Column('text', { nullable: true, name: 'lease_owner' })
  leaseOwner: string | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'lease_expires_at' })
  leaseExpiresAt: Date | null;

  /** How often the run was claimed; more than once means that a worker was lost. */
  @Column('integer', { default: 0 })
  claims: number;
}

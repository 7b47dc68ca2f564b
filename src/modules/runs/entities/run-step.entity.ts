import type { TokenUsage } from '@libs/llm';
import type { Metadata, RunStepStatus } from '@libs/openai-wire';
import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { RunStepRecord, StepToolCall } from '../runs.types.js';

@Entity('run_steps')
@Index(['runId', 'sequence'])
export class RunStepEntity extends TenantEntity implements RunStepRecord {
  @Column('text', { name: 'run_id' })
  runId: string;

  @ManyToOne('RunEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_id' })
  run?: Relation<object>;

  @Column('text', { name: 'thread_id' })
  threadId: string;

  @Column('text', { name: 'assistant_id' })
  assistantId: string;

  @Column('text')
  type: 'message_creation' | 'tool_calls';

  @Column('text')
  status: RunStepStatus;

  @Column('text', { nullable: true, name: 'message_id' })
  messageId: string | null;

  @Column('jsonb', { name: 'tool_calls' })
  toolCalls: StepToolCall[];

  @Column('jsonb', { nullable: true, name: 'last_error' })
  lastError: RunStepRecord['lastError'];

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'expired_at' })
  expiredAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'cancelled_at' })
  cancelledAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'failed_at' })
  failedAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'completed_at' })
  completedAt: Date | null;

  @Column('jsonb')
  metadata: Metadata;

  @Column('jsonb', { nullable: true })
  usage: TokenUsage | null;
}

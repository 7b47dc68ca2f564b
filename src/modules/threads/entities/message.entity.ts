import type { MessageAttachment, Metadata, WireMessageContent } from '@libs/openai-wire';
import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { MessageIncompleteReason, MessageRecord, MessageStatus } from '../threads.types.js';

@Entity('messages')
@Index(['threadId', 'sequence'])
export class MessageEntity extends TenantEntity implements MessageRecord {
  @Column('text', { name: 'thread_id' })
  threadId: string;

  @ManyToOne('ThreadEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'thread_id' })
  thread?: Relation<object>;

  @Column('text')
  role: 'user' | 'assistant';

  @Column('text')
  status: MessageStatus;

  @Column('text', { nullable: true, name: 'incomplete_reason' })
  incompleteReason: MessageIncompleteReason | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'completed_at' })
  completedAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'incomplete_at' })
  incompleteAt: Date | null;

  @Column('jsonb')
  content: WireMessageContent[];

  @Column('text', { nullable: true, name: 'assistant_id' })
  assistantId: string | null;

  @Column('text', { nullable: true, name: 'run_id' })
  runId: string | null;

  @Column('jsonb')
  attachments: MessageAttachment[];

  @Column('jsonb', { name: 'file_ids' })
  fileIds: string[];

  @Column('jsonb')
  metadata: Metadata;

  @Column('boolean', { default: false })
  queued: boolean;
}

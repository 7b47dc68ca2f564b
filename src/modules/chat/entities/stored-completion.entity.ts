import type { Metadata } from '@libs/openai-wire';
import { Column, Entity, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { StoredCompletionRecord } from '../stored/stored-completions.types.js';

/**
 * A chat completion that its client asked to keep. What models and clients wrote is `json` and not `jsonb`: that takes
 * whatever JSON can say, also the NUL characters and halves of surrogate pairs that a model may write.
 */
@Entity('stored_completions')
export class StoredCompletionEntity extends TenantEntity implements StoredCompletionRecord {
  @ManyToOne('ProjectEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<object>;

  @Column('text')
  model: string;

  @Column('jsonb')
  metadata: Metadata;

  /** As the client got it. */
  @Column('json')
  completion: Record<string, unknown>;

  /** Those of the request. Not read with lists: they may be large. */
  @Column('json', { select: false })
  messages: Record<string, unknown>[];
}

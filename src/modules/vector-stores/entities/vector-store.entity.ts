import type { Metadata } from '@libs/openai-wire';
import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { VectorStoreRecord } from '../vector-stores.types.js';

@Entity('vector_stores')
export class VectorStoreEntity extends TenantEntity implements VectorStoreRecord {
  @ManyToOne('ProjectEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<object>;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('jsonb')
  metadata: Metadata;

  @Column('integer', { nullable: true, name: 'expires_after_days' })
  expiresAfterDays: number | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'last_active_at' })
  lastActiveAt: Date;

  @Index()
  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'expires_at' })
  expiresAt: Date | null;

  @Column('boolean', { default: false, name: 'has_summaries' })
  hasSummaries: boolean;
}

import type { Metadata } from '@libs/openai-wire';
import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { VectorStoreRecord } from '../vector-stores.types.js';

@Entity('vector_stores')
@Index('vector_stores_to_empty', ['expiresAt'], { where: `"emptied_at" IS NULL` })
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

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'expires_at' })
  expiresAt: Date | null;

  /** When it gave up its chunks, having expired. */
  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'emptied_at' })
  emptiedAt: Date | null;

  @Column('boolean', { default: false, name: 'has_summaries' })
  hasSummaries: boolean;
}

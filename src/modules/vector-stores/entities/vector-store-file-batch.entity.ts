import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { FileBatchRecord } from '../vector-stores.types.js';
import type { VectorStoreEntity } from './vector-store.entity.js';

/** Files that came into a store together. Its status is what theirs add up to. */
@Entity('vector_store_file_batches')
export class VectorStoreFileBatchEntity extends TenantEntity implements FileBatchRecord {
  @Index()
  @Column('text', { name: 'vector_store_id' })
  vectorStoreId: string;

  @ManyToOne('VectorStoreEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'vector_store_id' })
  vectorStore?: Relation<VectorStoreEntity>;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'cancelled_at' })
  cancelledAt: Date | null;
}

import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { VectorStoreFileEntity } from './vector-store-file.entity.js';

/**
 * Chunks of one claim of one file, written down before the first of them is. A set of no file is of no use, whatever
 * took the file away, and is removed with its chunks once its worker is gone.
 */
@Entity('vector_store_chunk_sets')
@Index('one_chunk_set_a_file', ['storeFileId'], { unique: true })
@Index('useless_chunk_sets', ['leaseExpiresAt'], { where: '"store_file_id" IS NULL' })
export class ChunkSetEntity extends TenantEntity {
  /** No foreign key: the chunks must be found when the store is gone. */
  @Index()
  @Column('text', { name: 'vector_store_id' })
  vectorStoreId: string;

  @Column('text', { nullable: true, name: 'store_file_id' })
  storeFileId: string | null;

  @ManyToOne('VectorStoreFileEntity', { nullable: true, onDelete: 'SET NULL' })
  @JoinColumn({ name: 'store_file_id' })
  storeFile?: Relation<VectorStoreFileEntity> | null;

  /** Until when a worker may write to it. */
  @Column({ type: 'timestamptz', precision: 3, name: 'lease_expires_at' })
  leaseExpiresAt: Date;
}

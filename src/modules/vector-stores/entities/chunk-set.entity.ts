import { Column, Entity } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';

/**
 * Chunks of one claim of one file, written down before the first of them is. A set that no file in a store names is of
 * no use, whatever took the file away, and is removed with its chunks once its worker is gone.
 */
@Entity('vector_store_chunk_sets')
export class ChunkSetEntity extends TenantEntity {
  /** No foreign key: the chunks must be found when the store is gone. */
  @Column('text', { name: 'vector_store_id' })
  vectorStoreId: string;

  /** Until when a worker may write to it. */
  @Column({ type: 'timestamptz', precision: 3, name: 'lease_expires_at' })
  leaseExpiresAt: Date;
}

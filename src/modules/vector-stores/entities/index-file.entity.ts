import type { Attributes } from '@libs/retrieval';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { IndexStoreEntity } from './index-store.entity.js';

/**
 * `writing`: its chunks come, and no search sees them. `live`: it is searched. `gone`: it is not searched any more, and
 * its postings are still to be cleaned away.
 */
export type IndexFileState = 'writing' | 'live' | 'gone';

/** A file in the index: a stretch of its store's chunk numbers. */
@Entity('index_files')
@Index('index_files_one_live', ['store', 'fileId'], { unique: true, where: `"state" = 'live'` })
@Index('index_files_hidden', ['store'], { where: `"state" <> 'live'` })
@Check('index_files_state', `"state" IN ('writing', 'live', 'gone')`)
export class IndexFileEntity {
  @PrimaryColumn('integer')
  store: number;

  @ManyToOne('IndexStoreEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'store' })
  storeRow?: Relation<IndexStoreEntity>;

  /** Number of its first chunk. */
  @PrimaryColumn('integer', { name: 'first_chunk' })
  firstChunk: number;

  /** How many chunk numbers it has. */
  @Column('integer')
  chunks: number;

  @Column('text', { name: 'file_id' })
  fileId: string;

  @Column('text')
  filename: string;

  @Column('jsonb')
  attributes: Attributes;

  @Column('text')
  state: IndexFileState;
}

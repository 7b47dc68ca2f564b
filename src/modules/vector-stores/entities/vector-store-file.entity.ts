import type { Attributes, ChunkingStrategy, DocumentMetadata } from '@libs/retrieval';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { StoreFileError, StoreFileRecord, StoreFileStatus, SummaryStatus } from '../vector-stores.types.js';
import type { VectorStoreEntity } from './vector-store.entity.js';

const TO_DO = `"status" = 'in_progress'`;

/** A file in a store, and the work of getting it there. Its id is made of the two ids: see `storeFileId`. */
@Entity('vector_store_files')
@Index(['vectorStoreId', 'sequence'])
@Index(['vectorStoreId', 'status', 'usageBytes'])
@Index(['batchId', 'status'])
@Index('files_to_ingest', ['turn', 'sequence'], { where: TO_DO })
@Index('files_to_ingest_of_project', ['projectId', 'turn'], { where: TO_DO })
@Index('files_to_summarise', ['turn', 'sequence'], { where: `"summary_status" = 'in_progress'` })
@Check('vector_store_files_status', `"status" IN ('in_progress', 'completed', 'cancelled', 'failed')`)
@Check('vector_store_files_summary_status', `"summary_status" IN ('in_progress', 'completed', 'failed')`)
export class VectorStoreFileEntity extends TenantEntity implements StoreFileRecord {
  @Column('text', { name: 'vector_store_id' })
  vectorStoreId: string;

  @ManyToOne('VectorStoreEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'vector_store_id' })
  vectorStore?: Relation<VectorStoreEntity>;

  @Index()
  @Column('text', { name: 'file_id' })
  fileId: string;

  @ManyToOne('FileEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'file_id' })
  file?: Relation<object>;

  @Column('text', { nullable: true, name: 'batch_id' })
  batchId: string | null;

  @Column('text')
  status: StoreFileStatus;

  @Column('jsonb', { nullable: true, name: 'last_error' })
  lastError: StoreFileError | null;

  @Column('jsonb')
  chunking: ChunkingStrategy;

  @Column('jsonb')
  attributes: Attributes;

  @Column('bigint', { name: 'usage_bytes', transformer: { from: Number, to: (bytes: number) => bytes } })
  usageBytes: number;

  @Column('integer')
  progress: number;

  @Column('jsonb', { nullable: true, name: 'document_metadata' })
  documentMetadata: DocumentMetadata | null;

  /** Its place among all files to ingest: turns go round the projects. bigint, so `pg` gives a string. */
  @Column('bigint')
  turn: string;

  /** Which claim works on it, while its lease lasts. */
  @Column('text', { nullable: true, name: 'lease_owner' })
  leaseOwner: string | null;

  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'lease_expires_at' })
  leaseExpiresAt: Date | null;

  /** How often it was claimed; more than once means that a worker was lost or something failed for the time being. */
  @Column('integer')
  claims: number;

  /** Not to be claimed before; null: at once. */
  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'retry_at' })
  retryAt: Date | null;

  @Column('text', { nullable: true })
  summary: string | null;

  @Column('text', { nullable: true, name: 'summary_status' })
  summaryStatus: SummaryStatus | null;

  /** Which claim summarises it, until `summaryDueAt`. */
  @Column('text', { nullable: true, name: 'summary_owner' })
  summaryOwner: string | null;

  /** How often it was claimed to be summarised. */
  @Column('integer', { default: 0, name: 'summary_tries' })
  summaryTries: number;

  /** Not to be claimed for that before. */
  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'summary_due_at' })
  summaryDueAt: Date | null;
}

import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { UploadPurpose } from '../../files/index.js';
import type { UploadRecord, UploadStatus } from '../uploads.types.js';

@Entity('uploads')
@Index(['status', 'expiresAt'])
@Check('uploads_status', `"status" IN ('pending', 'completed', 'cancelled', 'expired')`)
export class UploadEntity extends TenantEntity implements UploadRecord {
  @ManyToOne('ProjectEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<object>;

  @Column('text')
  filename: string;

  @Column('text')
  purpose: UploadPurpose;

  @Column('bigint', { transformer: { from: Number, to: (bytes: number) => bytes } })
  bytes: number;

  @Column('text', { name: 'mime_type' })
  mimeType: string;

  @Column('text')
  status: UploadStatus;

  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at' })
  expiresAt: Date;

  @Column('integer', { nullable: true, name: 'file_life_seconds' })
  fileLifeSeconds: number | null;

  /** No foreign key: the file may be deleted, and the upload has made it all the same. */
  @Column('text', { nullable: true, name: 'file_id' })
  fileId: string | null;
}

import { Column, Entity, Index, JoinColumn, ManyToOne, Unique, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { FilePurpose } from '../files.types.js';

@Entity('files')
@Unique(['blobKey'])
@Index(['projectId', 'purpose', 'sequence'])
export class FileEntity extends TenantEntity {
  @ManyToOne('ProjectEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<object>;

  @Column('text')
  filename: string;

  @Column('bigint', { transformer: { from: Number, to: (bytes: number) => bytes } })
  bytes: number;

  @Column('text')
  purpose: FilePurpose;

  @Column('text')
  status: 'processed';

  @Column('text')
  sha256: string;

  @Column('text', { nullable: true, name: 'mime_type' })
  mimeType: string | null;

  @Index()
  @Column({ type: 'timestamptz', nullable: true, precision: 3, name: 'expires_at' })
  expiresAt: Date | null;

  @Column('text', { name: 'blob_key' })
  blobKey: string;
}

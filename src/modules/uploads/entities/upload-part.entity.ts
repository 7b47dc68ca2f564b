import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { UploadPartRecord } from '../uploads.types.js';
import type { UploadEntity } from './upload.entity.js';

/** Its id is also the key of its blob. */
@Entity('upload_parts')
export class UploadPartEntity extends TenantEntity implements UploadPartRecord {
  @Index()
  @Column('text', { name: 'upload_id' })
  uploadId: string;

  @ManyToOne('UploadEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'upload_id' })
  upload?: Relation<UploadEntity>;

  @Column('bigint', { transformer: { from: Number, to: (bytes: number) => bytes } })
  bytes: number;
}

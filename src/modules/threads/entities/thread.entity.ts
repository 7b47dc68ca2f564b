import type { Metadata, ToolResources } from '@libs/openai-wire';
import { Column, Entity, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantEntity } from '../../../database/columns.js';
import type { ThreadRecord } from '../threads.types.js';

@Entity('threads')
export class ThreadEntity extends TenantEntity implements ThreadRecord {
  @ManyToOne('ProjectEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<object>;

  @Column('jsonb', { name: 'tool_resources' })
  toolResources: ToolResources;

  @Column('jsonb', { name: 'file_ids' })
  fileIds: string[];

  @Column('jsonb')
  metadata: Metadata;

  @Column('text', { nullable: true, name: 'active_run_id' })
  activeRunId: string | null;
}

import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** Keys that lists of the object are filtered by, such as its thread. */
export type ListScope = Record<string, string>;

/** What remains of a deleted object: its place in the lists, so that a client in the middle of a list can go on. */
@Entity('deleted_objects')
export class DeletedObject {
  @PrimaryColumn('text')
  id: string;

  @Column('text', { name: 'project_id' })
  projectId: string;

  /** An id of one table is no cursor in the list of another. */
  @Column('text', { name: 'table_name' })
  tableName: string;

  @Column('jsonb')
  scope: ListScope;

  @Column('bigint')
  sequence: string;

  @Index()
  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'deleted_at' })
  deletedAt: Date;
}

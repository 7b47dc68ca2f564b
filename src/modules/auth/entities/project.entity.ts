import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** The tenant. Every other table bears its id. */
@Entity('projects')
export class ProjectEntity {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  name: string;

  /** Made at signup for one user. */
  @Column('boolean', { name: 'is_personal' })
  isPersonal: boolean;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;
}

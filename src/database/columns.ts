import { Column, CreateDateColumn, Generated, Index, PrimaryColumn } from 'typeorm';

/**
 * What every table of a tenant bears. Lists are ordered by `sequence`, not by time: the wire's time has whole
 * seconds, and clocks of several processes differ.
 */
@Index(['projectId', 'sequence'])
export abstract class TenantEntity {
  @PrimaryColumn('text')
  id: string;

  @Column('text', { name: 'project_id' })
  projectId: string;

  /** Order of insertion. bigint, so `pg` gives a string. */
  @Column('bigint')
  @Generated('increment')
  sequence: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;
}

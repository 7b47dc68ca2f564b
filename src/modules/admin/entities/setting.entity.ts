import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an administrator set for the whole installation. Of no tenant. */
@Entity('settings')
export class SettingEntity {
  @PrimaryColumn('text')
  name: string;

  @Column('text')
  value: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}

import { Column, CreateDateColumn, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { UserRecord } from '../auth.types.js';

/** Users belong to no single tenant: memberships tie them to projects. */
@Entity('users')
@Unique(['usernameKey'])
export class UserEntity implements UserRecord {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  username: string;

  /** The name without regard to case, by which it is unique and found. */
  @Column('text', { name: 'username_key' })
  usernameKey: string;

  @Column('text', { name: 'password_hash' })
  passwordHash: string;

  @Column('boolean', { name: 'is_admin', default: false })
  isAdmin: boolean;

  @Column('boolean', { default: false })
  disabled: boolean;

  /** Tokens bear the version they were given out under; raising it ends them all. */
  @Column('integer', { name: 'token_version', default: 1 })
  tokenVersion: number;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;
}

import {
  Check,
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  type Relation,
} from 'typeorm';
import type { ProjectRole } from '../../../common/principal.js';
import type { ProjectEntity } from './project.entity.js';
import type { UserEntity } from './user.entity.js';

/** What a user is in a project; at most one role each. */
@Entity('memberships')
@Check('memberships_role', `"role" IN ('owner', 'member', 'viewer')`)
export class MembershipEntity {
  @PrimaryColumn('text', { name: 'project_id' })
  projectId: string;

  @Index()
  @PrimaryColumn('text', { name: 'user_id' })
  userId: string;

  @ManyToOne('ProjectEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id' })
  project?: Relation<ProjectEntity>;

  @ManyToOne('UserEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user?: Relation<UserEntity>;

  @Column('text')
  role: ProjectRole;

  @CreateDateColumn({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;
}
